"""The base of every form's schema, and a form with its values as a page shows it."""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from flask import current_app
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from service.errors import Invalid, Sentence
from service.web.shell.fields import Secret
from service.web.shell.words import translated

_CONFIRM: Final = "Check this box to go on."
_CHANGED: Final = (
    "Someone else changed this while you had it open. Your changes aren’t saved yet. Check what it says now, "
    "then save again to replace it with yours."
)
_NOW: Final = "Now it says: {now}"
_BASIS: Final = "basis"
"""The hidden field that says what was stored when a form was shown."""


class FormSchema(Schema):
    """Base of every schema. Values without a field, such as the CSRF token, are ignored."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = EXCLUDE

    merged: ClassVar[frozenset[str]] = frozenset()
    """Fields of which two people's changes are merged, so that none is lost."""


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
        self.basis: str = self._mark(self._shown) if posted is None else self._shown.get(_BASIS, "")

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

    def must_be_based_on(self, kept: Mapping[str, Any], told: Sequence[str] = ()) -> None:
        """Refuse to overwrite what somebody else has changed since the form was shown, unless it is sent once more.

        `kept` is what the form would show now; of the texts in `told` it is said what they are. A form without a
        basis, from a page of an earlier version, is taken.

        Raises:
            Invalid: what is stored is not what the form was filled with.
        """
        shown_with, self.basis = self.basis, self._mark(kept)
        if shown_with in {"", self.basis}:
            return
        texts = {name: kept[name] for name in told if kept[name].strip() != self._shown.get(name, "").strip()}
        raise Invalid({"": [_CHANGED], **{name: [Sentence(_NOW, now=text)] for name, text in texts.items()}})

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

    def _mark(self, kept: Mapping[str, Any]) -> str:
        """A mark of stored values, from which nobody can tell them: there are PINs among them."""
        merged: frozenset[str] = getattr(self.schema, "merged", frozenset())
        values = {name: value for name, value in kept.items() if name not in merged}
        written = json.dumps(values, sort_keys=True, default=str).encode()
        return hmac.new(str(current_app.secret_key).encode(), written, "sha256").hexdigest()[:32]

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
