"""The carrier's log of texts: detail records, which have no words, and each text by itself, for ten days.

https://developers.telnyx.com/api-reference/detail-records
"""

from datetime import datetime

from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, moment

KEPT = "last_10_days"


def texts_since(client: Client, since: datetime, **same: str) -> list[str]:
    """The ids of the texts since then (aware UTC) whose records have the `same` fields, oldest first."""
    filters = {"record_type": "messaging", "date_range": KEPT, **same}
    with understood():
        records = [(_made(record), id_of(record, "uuid")) for record in client.fetch_each("/detail_records", filters)]
    return [reference for made, reference in sorted(records) if made >= since - LEEWAY]


def fetch_text(client: Client, reference: str) -> Json:
    """One text. Raises `NotFound` for one that the carrier no longer keeps."""
    return client.fetch(f"/messages/{reference}")


def _made(record: Json) -> datetime:
    made = moment(record["created_at"])
    if made is None:
        raise ValueError("a record without a date")
    return made
