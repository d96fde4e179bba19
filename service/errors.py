"""The refusals of the service. Nothing here knows HTTP; `service.web.shell.errors` maps them to pages in one table.

ServiceError
├── NotFound             it does not exist, or you may not see it
├── Forbidden            it exists, but your role may not do this
├── Conflict             it cannot be done now
│   └── IllegalTransition  a port cannot take this command in its state
├── TooMany              a limit against abuse; try later
└── Invalid              something in the input is wrong; says which field and why
"""

from collections.abc import Mapping, Sequence
from typing import Self


class ServiceError(Exception):
    """The common root. The message is for a person and holds no secrets."""

    @property
    def sentences(self) -> dict[str, list[str]]:
        """What is wrong, by the field that it is about, "" for the whole."""
        return {"": [str(self)]}


class NotFound(ServiceError):
    """It does not exist, or it belongs to another customer; the two must look the same."""


class Forbidden(ServiceError):
    """It exists and you may see it, but your role may not do this."""


class Conflict(ServiceError):
    """It cannot be done now; the message says what would have to change first."""


class IllegalTransition(Conflict):
    """The state of a port refuses this command."""


class TooMany(ServiceError):
    """A limit against abuse was reached; the message says when to try again."""


class Invalid(ServiceError):
    """The input is wrong: for each field (or "" for the whole) what to change, as sentences."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = {field: list(messages) for field, messages in fields.items()}
        super().__init__(", ".join(sorted(self.fields)))

    @property
    def sentences(self) -> dict[str, list[str]]:
        """The sentences of each field."""
        return self.fields


class Sentence(str):
    """A sentence with facts in it: reads as English, and can be said in another language from its `template`.

    A fact that is such a sentence itself is said in that language too. `instead` is what could have been typed in
    place of what was.
    """

    __slots__ = ("facts", "instead", "template")

    template: str
    facts: Mapping[str, str | int]
    instead: str

    def __new__(cls, template: str, *, instead: str = "", **facts: str | int) -> Self:
        """The template with `{name}` in it for each fact."""
        said = super().__new__(cls, template.format(**facts))
        said.template, said.facts, said.instead = template, facts, instead
        return said
