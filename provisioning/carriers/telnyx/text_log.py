"""The carrier's log of texts: detail records, which have no words, and each text by itself, for ten days.

https://developers.telnyx.com/api-reference/detail-records
"""

from collections.abc import Iterator
from datetime import datetime

from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, moment

KEPT = "last_10_days"


def texts_since(client: Client, since: datetime, **same: str) -> list[str]:
    """The ids of the texts since then (aware UTC) whose records have the `same` fields, oldest first."""
    with understood():
        records = [(made(record), id_of(record, "uuid")) for record in text_records(client, **same)]
    return [reference for at, reference in sorted(records) if at >= since - LEEWAY]


def text_records(client: Client, **same: str) -> Iterator[Json]:
    """The records of texts that have the `same` fields, of the last days."""
    return client.fetch_each("/detail_records", {"record_type": "messaging", "date_range": KEPT, **same})


def fetch_text(client: Client, reference: str) -> Json:
    """One text. Raises `NotFound` for one that the carrier no longer keeps."""
    return client.fetch(f"/messages/{reference}")


def made(record: Json) -> datetime:
    """When the text of a record was sent or came. Raises `KeyError` or `ValueError` for an unreadable date."""
    at = moment(record["created_at"])
    if at is None:
        raise ValueError("a record without a date")
    return at
