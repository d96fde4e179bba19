"""The forms about the team of a workspace."""

from marshmallow import fields

from service.accounts.models import Membership
from service.web.shell.fields import CHOOSE, Secret, Typed, email, text
from service.web.shell.form import FormSchema, Tick


class NameForm(FormSchema):
    """What the others call somebody."""

    name = Typed(text, longest=100, required="Enter your name.")


class MemberForm(FormSchema):
    """What somebody may do in the workspace."""

    role = fields.Enum(Membership, by_value=True, required=True, error_messages={"required": CHOOSE, "unknown": CHOOSE})


class InvitationForm(MemberForm):
    """Whom to invite."""

    email = Typed(email, longest=255, required="Enter their e-mail address.")


class ChannelForm(FormSchema):
    """The address of a service that notices go to; a secret, so it is never shown again."""

    url = Secret(text, longest=500, required="Paste the address first.")


class HandOverForm(FormSchema):
    """Giving a workspace out of one's hands is confirmed."""

    sure = Tick()
