"""The base of every form's schema, and a form with its values as a page shows it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from service.errors import Invalid, Sentence
from service.web.shell.fields import Secret
from service.web.shell.words import translated

_CONFIRM: Final = "Please confirm this."


class FormSchema(Schema):
    """Base of every schema. Values without a field, such as the CSRF token, are ignored."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = EXCLUDE


class Tick(fields.Boolean):
    """A box that must be ticked. Browsers do not send a box that is not."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=validate.Equal(True, error=_CONFIRM),
            error_messages={"required": _CONFIRM, "invalid": _CONFIRM},
        )


class Form:
    """A schema with the values that were posted, or with stored ones. Values of `Secret` fields are never shown."""

    def __init__(
        self, schema: Schema, posted: MultiDict[str, str] | None = None, kept: Mapping[str, Any] | None = None
    ) -> None:
        self.schema = schema
        self.errors: dict[str, list[str]] = {}
        self._shown = dict(kept or {}) if posted is None else _with_plain_lines(posted.to_dict())

    def data(self) -> dict[str, Any]:
        """The posted values, checked and converted.

        Raises:
            Invalid: with sentences for each field that is wrong.
        """
        try:
            loaded: dict[str, Any] = self.schema.load(self._shown)
        except ValidationError as error:
            raise Invalid({name: _sentences(found) for name, found in error.messages_dict.items()}) from None
        return loaded

    def refused(self, refusal: Invalid) -> "Form":
        """This form with the refusal's sentences beside its fields, in the page's language."""
        self.errors = {name: [translated(message) for message in messages] for name, messages in refusal.fields.items()}
        proposed = {name: _proposed(messages) for name, messages in refusal.fields.items()}
        self._shown |= {name: instead for name, instead in proposed.items() if instead}
        return self

    def value(self, name: str) -> Any:  # noqa: ANN401 -- typed text or a stored value
        """What a field shows."""
        if isinstance(self.schema.fields.get(name), Secret):
            return ""
        return self._shown.get(name, "")

    def required(self, name: str) -> bool:
        """Whether a field must be filled in."""
        return name in self.schema.fields and self.schema.fields[name].required


def _proposed(messages: Sequence[str]) -> str:
    """What a field's refusal would have in its place, if it says so."""
    return next((one.instead for one in messages if isinstance(one, Sentence) and one.instead), "")


def _sentences(found: Any) -> list[str]:  # noqa: ANN401 -- sentences, or nested dictionaries of them
    return [one if isinstance(one, str) else str(one) for one in (found if isinstance(found, list) else [found])]


def _with_plain_lines(posted: Mapping[str, str]) -> dict[str, str]:
    """Browsers end lines with CRLF (https://html.spec.whatwg.org/#multipart-form-data), texts with LF."""
    return {name: typed.replace("\r\n", "\n").replace("\r", "\n") for name, typed in posted.items()}
