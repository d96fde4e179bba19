"""Forms of the front page and of the home page."""

from marshmallow import fields

from service.language import Language
from service.web.shell.form import FormSchema


class LanguageForm(FormSchema):
    """The language chosen at the foot of a page."""

    language = fields.Enum(Language, by_value=True, required=True)


class ChecklistForm(FormSchema):
    """Whether the checklist of the first day is put away."""

    away = fields.Boolean(load_default=False)
