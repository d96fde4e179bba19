"""Errors: `Unknown` and `OutOfTurn` for acts of the other side, `Refusal` for requests of the customer."""


class Unknown(LookupError):
    """There is no such request, number, service or phone."""


class OutOfTurn(ValueError):
    """This cannot be done in the present state."""


NOT_PERMITTED = frozenset({21215, 21216, 21408})
"""Codes for a number that the account may not reach, often for its country. They come with 403."""


class Refusal(Exception):
    """The carrier says no to a request of its customer, with a code of Twilio's dictionary and an HTTP status.

    Without a status it is 400, or 403 for what the account is not permitted.
    """

    def __init__(self, code: int, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or (403 if code in NOT_PERMITTED else 400)
