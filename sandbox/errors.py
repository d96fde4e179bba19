"""What the other side may be told when an act cannot be done.

LookupError ▸ Unknown, ValueError ▸ OutOfTurn, Exception ▸ Refusal.
"""


class Unknown(LookupError):
    """There is no such request, number, service or phone; look it up again."""


class OutOfTurn(ValueError):
    """The thing is there, but not in a state in which this can be done."""


NOT_PERMITTED = frozenset({21215, 21216, 21408})
"""The account may not reach this number, mostly for its country: 403 although the credentials are good."""


class Refusal(Exception):
    """The carrier says no to a request of its customer, with a code of Twilio's dictionary and an HTTP status.

    Without a status it is 400, or 403 for what the account is not permitted.
    """

    def __init__(self, code: int, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or (403 if code in NOT_PERMITTED else 400)
