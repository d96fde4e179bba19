"""`/webhook_deliveries`: which events were sent where, and what was answered."""

import json
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid5

from sandbox.current import asking, the_world
from sandbox.records import Callback
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.callback_requests import RECEIVED
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json, not_found
from sandbox.telnyx.paging import known_filters, page

deliveries = guarded("deliveries")
FAULTS, OTHER_FAULT = {"2": 75299, "3": 75300}, 75500
"""The code of an answer that is no 200, by its first digit."""

FILTERS = ("status.eq", "event_type", "webhook.contains", "started_at.gte", "started_at.lte")


@deliveries.get("/webhook_deliveries")
def fetch_list() -> Json:
    """List the events that were sent, newest first. Forms about calls are not among them."""
    wanted = known_filters(*FILTERS)
    rows = [row for row in map(_resource, _sent()[::-1]) if _fits(row, wanted)]
    return page(rows, dict)


@deliveries.get("/webhook_deliveries/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one delivery."""
    for callback in _sent():
        if _id(callback) == sid:
            return {"data": _resource(callback)}
    raise not_found()


def _sent() -> list[Callback]:
    kept = list(the_world().state.posts.values())
    return [each for each in kept if each.account_sid == asking().sid and each.json_body and each.tries]


def _id(callback: Callback) -> str:
    return str(uuid5(NAMESPACE_OID, callback.sid))


def _fits(row: Json, wanted: dict[str, str]) -> bool:
    webhook, began = row["webhook"], str(row["started_at"])
    about = webhook if isinstance(webhook, dict) else {}
    return (
        wanted.get("status.eq", row["status"]) == row["status"]
        and wanted.get("event_type", about["event_type"]) == about["event_type"]
        and wanted.get("webhook.contains", "") in json.dumps(about)
        and wanted.get("started_at.gte", began) <= began <= wanted.get("started_at.lte", began)
    )


def _resource(callback: Callback) -> Json:
    attempts = [_attempt(callback, note) for note in callback.fate if _status(note) is not None]
    return {
        "id": _id(callback),
        "record_type": "webhook_delivery",
        "user_id": callback.account_sid,
        "status": "delivered" if any(each["status"] == "delivered" for each in attempts) else "failed",
        "webhook": json.loads(callback.json_body or "{}"),
        "started_at": iso(callback.created),
        "finished_at": iso(callback.sent or callback.created),
        "attempts": attempts,
    }


def _attempt(callback: Callback, note: str) -> Json:
    status, spare = _status(note), note.startswith("fallback")
    answered: Json = {"response": {"status": status, "headers": [], "body": ""}} if status else {}
    url = callback.fallback_url if spare else callback.url
    return {
        "status": "delivered" if status == RECEIVED else "failed",
        "started_at": iso(callback.created),
        "finished_at": iso(callback.sent or callback.created),
        "http": {"request": {"url": url, "headers": [["host", urlsplit(url).netloc]]}} | answered,
        "errors": [] if status == RECEIVED else [FAULTS.get(str(status)[0], OTHER_FAULT)],
    }


def _status(note: str) -> int | None:
    """The status of an attempt, 0 where no answer came; None for a note about something else, like a delay."""
    word = note.removeprefix("fallback ")
    if word.isdecimal():
        return int(word)
    return 0 if word.isidentifier() and word not in {"dropped", "forged"} else None
