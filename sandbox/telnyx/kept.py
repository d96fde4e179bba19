"""What the account has made and the world does not know: kept as the JSON it came as, by kind."""

from uuid import uuid4

from sandbox.current import asking, the_world
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json, not_found
from sandbox.telnyx.records import Kept


def keep(kind: str, fields: Json, sid: str = "") -> Kept:
    """Keep something new; its id is a UUID unless one is given."""
    now = the_world().exchange.now()
    made = Kept(sid or str(uuid4()), asking().sid, kind, fields, now, now)
    with the_world().exchange.changing() as state:
        state.kept[made.sid] = made
    return made


def all_kept(kind: str) -> list[Kept]:
    """All of a kind that the account has, oldest first."""
    rows = the_world().state.kept.values()
    return [each for each in rows if (each.kind, each.account_sid) == (kind, asking().sid)]


def own_kept(kind: str, sid: str) -> Kept:
    """One of a kind. Raises `Denied` if the account has none with this id."""
    found = the_world().state.kept.get(sid)
    if found is None or (found.kind, found.account_sid) != (kind, asking().sid):
        raise not_found()
    return found


def change(kept: Kept, fields: Json) -> Kept:
    """Change these fields; the others stay."""
    with the_world().exchange.changing():
        kept.fields |= fields
        kept.updated = the_world().exchange.now()
    return kept


def forget(kept: Kept) -> Kept:
    """Delete something."""
    with the_world().exchange.changing() as state:
        del state.kept[kept.sid]
    return kept


def described(kept: Kept) -> Json:
    """Its fields with its id, kind and moments."""
    moments: Json = {"created_at": iso(kept.created), "updated_at": iso(kept.updated)}
    return {"id": kept.sid, "record_type": kept.kind} | kept.fields | moments
