"""`/messaging_optouts`: who has written STOP to which profile. None can be made here."""

from datetime import datetime

from sandbox.current import asking, the_world
from sandbox.records import Message
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.paging import known_filters, page
from sandbox.texting.opt_out import STOP

opt_outs = guarded("opt_outs")
Row = tuple[str, str, datetime]


@opt_outs.get("/messaging_optouts")
def fetch_list() -> Json:
    """List the opt-outs of all profiles, newest first."""
    wanted = known_filters("messaging_profile_id", "from")
    rows = [row for row in _rows() if _fits(row, wanted)]
    return page(sorted(rows, key=lambda row: row[2], reverse=True), _resource)


def _rows() -> list[Row]:
    """Profile, contact and moment of each opt-out of the account."""
    state = the_world().state
    own = {sid for sid, service in state.services.items() if service.account_sid == asking().sid}
    split = [(*pair.partition(" "), at) for pair, at in state.opt_outs.items()]
    return [(profile, contact, at) for profile, _, contact, at in split if profile in own]


def _fits(row: Row, wanted: dict[str, str]) -> bool:
    profile, contact, _ = row
    return wanted.get("messaging_profile_id", profile) == profile and wanted.get("from", contact) == contact


def _resource(row: Row) -> Json:
    profile, contact, at = row
    word = _last_stop(profile, contact)
    told = {"to": word.to, "keyword": word.body.strip().upper()} if word else {}
    return told | {"from": contact, "messaging_profile_id": profile, "created_at": iso(at)}


def _last_stop(profile: str, contact: str) -> Message | None:
    texts = reversed(the_world().state.messages.values())
    asked = (each for each in texts if (each.service_sid, each.from_) == (profile, contact))
    return next((each for each in asked if each.body.strip().upper() in STOP), None)
