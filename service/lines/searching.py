"""Searching numbers for sale: a page asks, a worker asks the carrier, and the page shows what was found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from provisioning.contract.numbers import Available, Sought
from service.carrier_choice import first_offer
from service.carrier_cursors import silent_carriers
from service.lines.buying import is_resting
from service.lines.inventory import number_held
from service.lines.models import NumberSearch
from service.queue import task
from service.services import Services
from service.time import now

KEPT: Final = timedelta(days=1)
"""How long a search is kept: what it found is no longer for sale by then."""


def begin_search(session: Session, services: Services, workspace_id: int, sought: Sought) -> NumberSearch:
    """Have a worker search numbers for sale. The workspace's searches older than `KEPT` are deleted."""
    old = NumberSearch.workspace_id == workspace_id, NumberSearch.made_at < now() - KEPT
    session.execute(delete(NumberSearch).where(*old))
    search = NumberSearch(
        workspace_id=workspace_id,
        carrier=services.home,
        country=sought.country,
        kind=sought.kind,
        area=sought.area,
        town=sought.town,
        contains=sought.contains,
    )
    session.add(search)
    session.flush()
    find_numbers.defer(session, search_id=search.id)
    return search


def search_of(session: Session, workspace_id: int, search_id: int) -> NumberSearch | None:
    """One search of a workspace, or None."""
    mine = NumberSearch.workspace_id == workspace_id, NumberSearch.id == search_id
    return session.scalar(select(NumberSearch).where(*mine))


@task
def find_numbers(services: Services, *, search_id: int) -> None:
    """Ask the carriers for numbers for sale until one has some, and store those that can be bought.

    If none has any and one does not answer, this is tried again.
    """
    with services.sessions() as session:
        search, silent = session.get(NumberSearch, search_id), silent_carriers(session)
    if search is None:
        return
    sought = Sought(search.country, search.kind, search.area, search.town, search.contains)
    offer = first_offer(services, search.kind, silent, lambda numbers: numbers.choices(sought))
    with services.sessions.begin() as session:
        stored = session.get_one(NumberSearch, search_id)
        stored.found = list(_buyable(session, offer.numbers)) if offer else []
        if offer:
            stored.carrier, stored.passed_over = offer.carrier, dict(offer.passed_over)


def _buyable(session: Session, offers: list[Available]) -> Iterator[list[str]]:
    """Numbers with their places, without those that rest and those that we hold."""
    for offer in offers:
        if not is_resting(session, offer.number) and not number_held(session, offer.number):
            yield [offer.number, ", ".join(part for part in (offer.locality, offer.region) if part)]
