"""Whether a workspace may call or text now: asked by the page, for a clear refusal, and again before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.errors import Refused
from provisioning.contract.messaging import Trouble
from service.alerts import AlertKind, alert, alert_once_in
from service.brands import opened_by, platform_of
from service.config import Settings
from service.db import run_alone
from service.errors import Conflict
from service.ledger.models import LedgerEntry
from service.phone_numbers import without_extension
from service.services import Services
from service.spending.destinations import COSTS_EXTRA, HOME, NOT_SERVED, Barrier, barrier, country_of
from service.spending.expenses import spent, texts_today, written_down
from service.spending.models import Allowance, Closing, Destination, Expense
from service.time import now

PAUSED: Final = "Your workspace is paused, so you can’t send anything right now. Calls and texts to you still arrive."
CLOSING: Final = "Your account is being closed, so you can’t get numbers, register, or send transfers."


class Stop(StrEnum):
    """Why a workspace may not do something that costs money."""

    PAUSED = "paused"
    COSTS_EXTRA = "costs_extra"
    NOT_SERVED = "not_served"
    NEW_COUNTRY = "new_country"
    OVER_OWN_LIMIT = "over_own_limit"
    OVER_ALL_LIMITS = "over_all_limits"


SENTENCES: Final[Mapping[Stop, str]] = {
    Stop.PAUSED: PAUSED,
    Stop.COSTS_EXTRA: COSTS_EXTRA,
    Stop.NOT_SERVED: NOT_SERVED,
    Stop.NEW_COUNTRY: (
        "Your business hasn’t called or texted this country before. We check that first and "
        "have started. Try again later."
    ),
    Stop.OVER_OWN_LIMIT: "You’ve reached your limit for calls and texts for now. Email us if you need more.",
    Stop.OVER_ALL_LIMITS: "Calls and texts can’t go out right now. We know and are working on it.",
}
"""What the person reads, in English."""

_TROUBLES: Final[Mapping[Stop, Trouble]] = {
    Stop.PAUSED: Trouble.PAUSED,
    Stop.OVER_OWN_LIMIT: Trouble.OVER_LIMIT,
    Stop.OVER_ALL_LIMITS: Trouble.OVER_LIMIT,
}
"""What a text that was not sent shows; all others show `NOT_PERMITTED`."""

_BARRIERS: Final = {Barrier.COSTS_EXTRA: Stop.COSTS_EXTRA, Barrier.NOT_SERVED: Stop.NOT_SERVED}


@dataclass(frozen=True, slots=True)
class Use:
    """A call or text that a workspace wants to make: from a number of ours to `dialed` (E.164, with extensions).

    `amount` is what it is expected to cost, in the currency of the carrier's price list. `texts` is 1 for a text that
    one of its people sends: notices of ours count for nobody.
    """

    workspace_id: int
    sender: str
    dialed: tuple[str, ...]
    amount: Decimal = Decimal(0)
    texts: int = 0

    @property
    def numbers(self) -> list[str]:
        """What is dialed and in a country, unlike phones in browsers."""
        return [dialed for dialed in self.dialed if not is_browser(dialed)]


def stop_of(session: Session, settings: Settings, use: Use) -> Stop | None:
    """Why a workspace may not do this now, or None. Simultaneous uses may exceed a cap, by what one costs each."""
    if is_paused(session, use.workspace_id):
        return Stop.PAUSED
    for dialed in use.numbers:
        if stop := _stop_at(session, settings, use, dialed):
            return stop
    return over(session, settings, use)


def report(session: Session, use: Use, stop: Stop) -> None:
    """Alert the operators to what needs them: a cap that is reached, or a country that waits for their word."""
    if stop is Stop.NEW_COUNTRY:
        for country in sorted({_country(dialed) for dialed in use.numbers} - _usual(use)):
            _ask(session, use.workspace_id, country)
    elif stop in {Stop.OVER_OWN_LIMIT, Stop.OVER_ALL_LIMITS}:
        report_cap(session, use.workspace_id, stop)


def report_cap(session: Session, workspace_id: int, stop: Stop) -> None:
    """Alert the operators once a day to a cap that a workspace has reached: its own, or that of all."""
    about = f"workspace:{workspace_id}"
    matter = about if stop is Stop.OVER_OWN_LIMIT else "installation"
    alert_once_in(session, AlertKind.SPENDING_CAP_REACHED, matter, timedelta(days=1), by=about)


def trouble_of(stop: Stop) -> Trouble:
    """What a text shows that was not sent for this reason."""
    return _TROUBLES.get(stop, Trouble.NOT_PERMITTED)


def spend(services: Services, entry: LedgerEntry, carrier: str, use: Use) -> None:
    """Write down what an entry will cost, before it is sent. What was permitted once is, when it is tried again.

    Raises:
        Refused: the workspace may not do it; nothing was sent.
    """
    with services.sessions.begin() as session:
        if session.get(Expense, entry.id):
            return
        if stop := stop_of(session, services.settings, use):
            report(session, use, stop)
    if stop:
        raise Refused(SENTENCES[stop], code=trouble_of(stop))
    write_down(services, entry, carrier, use)


def write_down(services: Services, entry: LedgerEntry, carrier: str, use: Use) -> None:
    """Write down what an entry will cost, without asking whether it is permitted, once."""
    currency = services.network(carrier).prices.currency
    run_alone(services.sessions, written_down(entry.id, use.workspace_id, use.amount, currency, use.texts))


def is_paused(session: Session, workspace_id: int) -> bool:
    """Whether an operator has paused a workspace."""
    paused = (Allowance.workspace_id == workspace_id, Allowance.paused_at.is_not(None))
    return bool(session.scalar(select(exists().where(*paused))))


def must_be_open(session: Session, workspace_id: int) -> None:
    """Raise `Conflict` for a workspace that an operator has paused, or whose owner closes it."""
    if is_paused(session, workspace_id):
        raise Conflict(PAUSED)
    if session.get(Closing, workspace_id):
        raise Conflict(CLOSING)


def over(session: Session, settings: Settings, use: Use, *, times: int = 1) -> Stop | None:
    """The cap that this would exceed: the workspace's own, taken so many `times`, or that of all workspaces."""
    day, month = spent(session, use.workspace_id)
    of_a_day, of_a_month = _cap_of_a_day(session, settings, use), settings.workspace_spend_per_month
    if _exceeds(day, use, times * of_a_day) or _exceeds(month, use, times * of_a_month):
        return Stop.OVER_OWN_LIMIT
    if use.texts and _beyond_platform(session, use):
        return Stop.OVER_OWN_LIMIT
    day, month = spent(session)
    beyond = _exceeds(day, use, settings.spend_per_day) or _exceeds(month, use, settings.spend_per_month)
    return Stop.OVER_ALL_LIMITS if beyond else None


def _stop_at(session: Session, settings: Settings, use: Use, dialed: str) -> Stop | None:
    if found := barrier(dialed, {*settings.countries, country_of(use.sender)}):
        return _BARRIERS[found]
    country = _country(dialed)
    return None if country in _usual(use) or _is_allowed(session, use.workspace_id, country) else Stop.NEW_COUNTRY


def _usual(use: Use) -> frozenset[str]:
    return HOME | {country_of(use.sender)}


def _country(dialed: str) -> str:
    return country_of(without_extension(dialed))


def _is_allowed(session: Session, workspace_id: int, country: str) -> bool:
    known = session.get(Destination, (workspace_id, country))
    return known is not None and known.allowed_at is not None


def _ask(session: Session, workspace_id: int, country: str) -> None:
    wanted = insert(Destination).values(workspace_id=workspace_id, country=country, asked_at=now())
    asked = session.execute(wanted.on_conflict_do_nothing().returning(Destination.country)).first()
    if asked:
        alert(session, AlertKind.NEW_DESTINATION, f"workspace:{workspace_id}", country=country)


def _cap_of_a_day(session: Session, settings: Settings, use: Use) -> Decimal:
    allowance = session.get(Allowance, use.workspace_id)
    is_new = allowance is not None and allowance.new_until is not None and allowance.new_until > now()
    cap = settings.new_workspace_spend_per_day if is_new else settings.workspace_spend_per_day
    return cap if allowance is None or allowance.most_a_day is None else min(cap, allowance.most_a_day)


def _beyond_platform(session: Session, use: Use) -> bool:
    """Whether all workspaces of its platform would send more texts today than was agreed on."""
    platform = platform_of(session, use.workspace_id)
    if platform is None or platform.most_texts is None:
        return False
    return texts_today(session, opened_by(platform.workspace_id)) + use.texts > platform.most_texts


def _exceeds(spent_before: Decimal, use: Use, cap: Decimal) -> bool:
    return spent_before >= cap or spent_before + use.amount > cap
