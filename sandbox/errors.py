"""What the other side may be told when an act cannot be done.

LookupError ▸ Unknown, ValueError ▸ OutOfTurn, Exception ▸ Refusal.
"""


class Unknown(LookupError):
    """There is no such request, number, service or phone; look it up again."""


class OutOfTurn(ValueError):
    """The thing is there, but not in a state in which this can be done."""


class Refusal(Exception):
    """The carrier says no to a request of its customer, with an HTTP status and a code of Twilio's dictionary."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
