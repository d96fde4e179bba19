"""What customers entrust to us alone, kept out of what people write about a transfer and of what is copied from it."""

import re
from collections.abc import Iterator
from typing import Final

from service.errors import Invalid
from service.porting.models import PortProject

_BETWEEN: Final = r"[\s.–-]*"
"""What people write between the digits of an account number."""

_BEFORE: Final = r"(?<![\w])(?<!\d[ .-])"
"""The last four digits of a phone number are no PIN."""

_AFTER: Final = r"(?!\w)(?!-\d\d-\d\d)"
"""The year of a date is none either."""

_SHORTEST_NUMBER: Final = 7
"""Digits of a phone number without its area code."""

_IN_CLEAR: Final = "Take out the account number, PIN, or ID number. Those are sent with the order, encrypted."


def must_hold_no_secret(project: PortProject, field: str, text: str) -> None:
    """Raise `Invalid` on a field if its text contains a secret of this transfer, however it is spaced."""
    if any(secret.search(text) for secret in _secrets(project)):
        raise Invalid({field: [_IN_CLEAR]})


def without_secrets(project: PortProject, text: str) -> str:
    """A text with every secret of this transfer replaced by an ellipsis."""
    for secret in _secrets(project):
        text = secret.sub("…", text)
    return text


def _secrets(project: PortProject) -> Iterator[re.Pattern[str]]:
    for secret in (project.account_number, project.pin, project.subscriber_id):
        signs = re.findall(r"\w", secret or "")
        if signs and not _is_own_number(project, "".join(signs)):
            yield re.compile(_BEFORE + _BETWEEN.join(map(re.escape, signs)) + _AFTER, re.IGNORECASE)


def _is_own_number(project: PortProject, secret: str) -> bool:
    """Whether an account goes by one of the numbers that move, which stand in every text about them."""
    is_long = secret.isdigit() and len(secret) >= _SHORTEST_NUMBER
    return is_long and any(number.number.endswith(secret.lstrip("0")) for number in project.numbers)
