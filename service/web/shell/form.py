"""What every form is made of: its schema, and the form while a person fills it in."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from service.errors import Invalid, Sentence
from service.web.shell.fields import Secret
from service.web.shell.words import translated

_CONFIRM: Final = "Please confirm this."


class FormSchema(Schema):
    """What a form may hold besides its fields, such as its CSRF token, is not looked at."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = EXCLUDE


class Tick(fields.Boolean):
    """A box that must be ticked; one that is not is not even sent."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=validate.Equal(True, error=_CONFIRM),
            error_messages={"required": _CONFIRM, "invalid": _CONFIRM},
        )


class Form:
    """Made of a schema and either what was posted or what is kept already. Secrets are never shown again."""

    def __init__(
        self, schema: Schema, posted: MultiDict[str, str] | None = None, kept: Mapping[str, Any] | None = None
    ) -> None:
        self.schema = schema
        self.errors: dict[str, list[str]] = {}
        self._shown = dict(kept or {}) if posted is None else _with_plain_lines(posted.to_dict())

    def data(self) -> dict[str, Any]:
        """What was typed, checked and in the service's own types.

        Raises:
            Invalid: sentences for each field that is wrong.
        """
        try:
            loaded: dict[str, Any] = self.schema.load(self._shown)
        except ValidationError as error:
            raise Invalid({name: _sentences(found) for name, found in error.messages_dict.items()}) from None
        return loaded

    def refused(self, refusal: Invalid) -> "Form":
        """The same form with the refusal beside its fields, in the reader's language.

        Where a sentence proposes something else to type, that stands in the field.
        """
        self.errors = {name: [translated(message) for message in messages] for name, messages in refusal.fields.items()}
        proposed = {name: _proposed(messages) for name, messages in refusal.fields.items()}
        self._shown |= {name: instead for name, instead in proposed.items() if instead}
        return self

    def value(self, name: str) -> Any:  # noqa: ANN401 -- typed text, or what is kept
        """What stands in a field when the page is shown."""
        if isinstance(self.schema.fields.get(name), Secret):
            return ""
        return self._shown.get(name, "")

    def required(self, name: str) -> bool:
        """Whether a field must be filled in."""
        return name in self.schema.fields and self.schema.fields[name].required


def _proposed(messages: Sequence[str]) -> str:
    """What a field's refusal would have in its place, if it says so."""
    return next((one.instead for one in messages if isinstance(one, Sentence) and one.instead), "")


def _sentences(found: Any) -> list[str]:  # noqa: ANN401 -- whatever a field's validators have collected
    return [one if isinstance(one, str) else str(one) for one in (found if isinstance(found, list) else [found])]


def _with_plain_lines(posted: Mapping[str, str]) -> dict[str, str]:
    """Browsers end lines with CRLF (https://html.spec.whatwg.org/#multipart-form-data), texts with LF."""
    return {name: typed.replace("\r\n", "\n").replace("\r", "\n") for name, typed in posted.items()}
