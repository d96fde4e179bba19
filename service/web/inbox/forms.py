"""Forms of the inbox."""

from typing import Final

from marshmallow import ValidationError, fields, validate

from service.inbox.agreeing import NOTABLE
from service.optins import Way
from service.web.shell.fields import CHOOSE, Id, Typed, day, email, identity, paragraphs, telephone, text, wall_clock
from service.web.shell.form import FormSchema

_CHOOSE: Final = "Choose one of the phones of the line."


def _way(typed: str) -> Way:
    if typed not in NOTABLE:
        raise ValidationError([CHOOSE])
    return Way(typed)


class ReplyForm(FormSchema):
    """A text, sent now or at `leaves_at`. `seen` is the id of the latest answer that the writer's page showed."""

    text = Typed(paragraphs, longest=1600)
    seen = Id("Load the page again.")
    leaves_at = Typed(wall_clock)


class NoteForm(FormSchema):
    """A note for the team."""

    note = Typed(paragraphs, longest=4000, required="Write something first.")


class UnsentForm(FormSchema):
    """Words of an answer or a note that are not sent yet."""

    what = fields.String(required=True, validate=validate.OneOf(["answer", "note"]))
    words = Typed(paragraphs, longest=4000)


class SavedReplyForm(FormSchema):
    """A saved reply."""

    title = Typed(text, longest=60, required="Give it a title to find it by.")
    text = Typed(paragraphs, longest=1600, required="Write something first.")


class ContactForm(FormSchema):
    """What the team knows of a contact."""

    name = Typed(text)
    company = Typed(text)
    email = Typed(email, longest=255)
    notes = Typed(paragraphs, longest=4000)


class NewContactForm(ContactForm):
    """A contact who has not called or written yet."""

    number = Typed(text, longest=100, required="Write the whole number, with its area code.")


class AgreementForm(FormSchema):
    """How, to which words and on what day a contact agreed to texts."""

    way = Typed(_way, required=CHOOSE)
    words = Typed(paragraphs, longest=2000, required="Enter the words they agreed to.")
    agreed_on = Typed(day, required="Choose a day.")


class ImportForm(FormSchema):
    """A file with contacts."""


class HistoryForm(FormSchema):
    """A file with earlier conversations, and the line in whose inbox they belong."""

    line = Typed(identity)


class TagForm(FormSchema):
    """A tag that the workspace has, or a new one."""

    known_tag = Typed(text, longest=40)
    new_tag = Typed(text, longest=40)


class NewTextForm(FormSchema):
    """The number to text, in any spelling, and the line to text from."""

    number = Typed(text, longest=100, required="Write the whole number, with its area code.")
    line = Typed(identity)


class InboxSettingsForm(FormSchema):
    """Settings of a line's inbox."""

    in_turn = fields.Boolean(load_default=False)
    after_hours = fields.Boolean(load_default=False)
    after_hours_text = Typed(paragraphs, longest=500)


class SnoozeForm(FormSchema):
    """Until when a conversation is snoozed."""

    until = Typed(wall_clock, required="Choose a time that is still to come.")


class AssignForm(FormSchema):
    """The member a conversation is assigned to; empty to unassign it."""

    assignee = Typed(identity)


class PhoneOrNumberForm(FormSchema):
    """A phone of the line, or another number."""

    phone = Id(_CHOOSE)
    number = Typed(telephone, longest=100)


class CallForm(FormSchema):
    """The phone of the line that rings first."""

    phone = Id(_CHOOSE, required=True)
