"""Forms about the team of a workspace."""

from marshmallow import fields, validate

from service.accounts.models import Membership
from service.accounts.support import HOURS
from service.web.shell.fields import CHOOSE, Secret, Typed, email, identity, text, wall_clock
from service.web.shell.form import FormSchema, Tick


class NameForm(FormSchema):
    """A member's own name."""

    name = Typed(text, longest=100, required="Enter your name.")


class UsualLineForm(FormSchema):
    """The line that a member calls and texts new contacts from."""

    line = Typed(identity, required=CHOOSE)


class MemberForm(FormSchema):
    """A member's role."""

    role = fields.Enum(Membership, by_value=True, required=True, error_messages={"required": CHOOSE, "unknown": CHOOSE})


class ApiKeyForm(FormSchema):
    """What an API key is for."""

    name = Typed(text, longest=60, required="Say what the key is for.")


class WebhookForm(FormSchema):
    """Where a program hears of events. Which ones is a list of boxes beside it."""

    url = Typed(text, longest=500, required="Write an address that begins with https://.")


class ReplayForm(FormSchema):
    """From when until when events are sent again."""

    since = Typed(wall_clock, required="Enter a date and a time.")
    until = Typed(wall_clock, required="Enter a date and a time.")


class InvitationForm(MemberForm):
    """An invitation: an address and a role."""

    email = Typed(email, longest=255, required="Enter their email.")


class ChannelForm(FormSchema):
    """The address of a service that notices go to. It is a secret, so no page shows it again."""

    url = Secret(text, longest=500, required="Paste the address first.")


class SubscriptionForm(FormSchema):
    """Where notices reach a browser (`PushSubscription.toJSON()`)."""

    endpoint = Secret(text, longest=2000, required=CHOOSE)
    p256dh = Secret(text, longest=100, required=CHOOSE)
    auth = Secret(text, longest=40, required=CHOOSE)


class SupportForm(FormSchema):
    """For how many hours support may look."""

    hours = fields.Integer(
        required=True,
        validate=validate.OneOf(HOURS, error=CHOOSE),
        error_messages={"required": CHOOSE, "invalid": CHOOSE},
    )


class CloseForm(FormSchema):
    """Confirms that the account is closed."""

    sure = Tick()


class HandOverForm(FormSchema):
    """Confirms that another member becomes the owner."""

    sure = Tick()
