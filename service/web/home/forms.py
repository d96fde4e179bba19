"""The form of the front page."""

from marshmallow import fields

from service.language import Language
from service.web.shell.form import FormSchema


class LanguageForm(FormSchema):
    """The language chosen at the foot of a page."""

    language = fields.Enum(Language, by_value=True, required=True)
