"""The forms of the inbox."""

from typing import Final

from marshmallow import fields

from service.web.shell.fields import Typed, identity, text, wall_clock
from service.web.shell.form import FormSchema

_CHOOSE: Final = "Choose one of the phones of the line."


class ReplyForm(FormSchema):
    """A text to somebody, now or later; `seen` is the latest answer that whoever wrote it knew of."""

    text = Typed(text, longest=1600)
    seen = fields.Integer(load_default=0, error_messages={"invalid": "Load the page again."})
    leaves_at = Typed(wall_clock)


class NoteForm(FormSchema):
    """Something for the team alone."""

    note = Typed(text, longest=4000, required="Write something first.")


class SavedReplyForm(FormSchema):
    """A reply that is written often."""

    title = Typed(text, longest=60, required="Give it a title to find it by.")
    text = Typed(text, longest=1600, required="Write something first.")


class ContactForm(FormSchema):
    """Who somebody is, and what the team knows of them."""

    name = Typed(text)
    notes = Typed(text, longest=4000)


class NewTextForm(FormSchema):
    """To whom a first text goes, in any spelling, and from which line."""

    number = Typed(text, longest=100, required="Write the whole number, with its area code.")
    line = Typed(identity)


class InboxSettingsForm(FormSchema):
    """How a line's inbox works."""

    in_turn = fields.Boolean(load_default=False)
    after_hours = fields.Boolean(load_default=False)
    after_hours_text = Typed(text, longest=500)


class SnoozeForm(FormSchema):
    """Until when a conversation is put aside."""

    until = Typed(wall_clock, required="Choose a time that is still to come.")


class AssignForm(FormSchema):
    """Who does it; empty for nobody."""

    assignee = Typed(identity)


class CallForm(FormSchema):
    """Which phone rings first."""

    phone = fields.Integer(required=True, error_messages={"required": _CHOOSE, "invalid": _CHOOSE})
