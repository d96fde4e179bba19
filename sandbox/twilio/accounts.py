"""`Accounts`: the account itself and its subaccounts, each with its own token."""

import secrets

from flask import Blueprint

from sandbox.current import asking, the_world
from sandbox.records import Account, new_sid
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.paging import Json, page_2010

accounts = guard(Blueprint("accounts", __name__, url_prefix="/api.twilio.com/2010-04-01"))


@accounts.post("/Accounts.json")
def create() -> tuple[Json, int]:
    """Create a subaccount: 201."""
    world = the_world()
    name = form().get("FriendlyName", "SubAccount")
    account = Account(new_sid("AC"), secrets.token_hex(16), name, world.exchange.now(), asking().sid)
    with world.exchange.changing() as state:
        state.accounts[account.sid] = account
    return _resource(account), 201


@accounts.get("/Accounts.json")
def fetch_list() -> Json:
    """List the account and its subaccounts."""
    rows = [each for each in the_world().state.accounts.values() if asking().sid in {each.sid, each.parent}]
    return page_2010("accounts", rows, _resource)


@accounts.get("/Accounts/<account_sid>.json")
def fetch() -> Json:
    """Fetch one account."""
    return _resource(asking())


def _resource(account: Account) -> Json:
    uri = f"/2010-04-01/Accounts/{account.sid}"
    return {
        "sid": account.sid,
        "auth_token": account.token,
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.parent or account.sid,
        "status": "active",
        "type": "Full",
        "date_created": rfc2822(account.created),
        "date_updated": rfc2822(account.created),
        "uri": f"{uri}.json",
        "subresource_uris": {"messages": f"{uri}/Messages.json", "calls": f"{uri}/Calls.json"},
    }
