"""`/balance`, and an error for every address that there is not."""

from typing import NoReturn

from sandbox.telnyx.auth import guarded
from sandbox.telnyx.errors import Json, not_found

balance = guarded("balance")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@balance.get("/balance")
def fetch() -> Json:
    """Fetch the balance, which never changes here."""
    amounts = {"balance": "300.00", "pending": "0.00", "credit_limit": "100.00", "available_credit": "400.00"}
    return {"data": {"record_type": "balance", "currency": "USD", **amounts}}


@balance.route("/<path:rest>", methods=METHODS)
def elsewhere(rest: str) -> NoReturn:
    """Answer for addresses that this carrier does not have."""
    raise not_found()
