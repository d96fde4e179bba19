"""Porting numbers in (https://www.twilio.com/docs/phone-numbers/port-in)."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from twilio.rest import Client
from twilio.rest.numbers.v1.porting_port_in import PortingPortInInstance, PortingPortInList
from twilio.rest.numbers.v1.porting_portability import PortingPortabilityInstance

from provisioning.carriers.twilio.client import LEEWAY, understood
from provisioning.carriers.twilio.documents import upload_bill
from provisioning.carriers.twilio.filings import port_in_body
from provisioning.carriers.twilio.orders import items, order_snapshot
from provisioning.carriers.twilio.settings import Settings
from provisioning.carriers.twilio.vocabulary import number_kind, port_reason
from provisioning.contract.errors import CarrierError, Conflict, NotFound, Refused
from provisioning.contract.porting import (
    CancelAnswer,
    ChangeAnswer,
    Filing,
    NumberKind,
    NumberSnapshot,
    OrderSnapshot,
    Portability,
    PortStatus,
    Verdict,
)
from provisioning.contract.porting_rules import LetterMode, PortingCapabilities, UsualTime
from provisioning.http import Outgoing

LIST_URL = "https://numbers.twilio.com/v1/Porting/PortIn/PortInRequests"
PAGE = 100  # the largest page size
LONGEST_LIST = 100  # pages; more than that means that the paging does not end

BY_HAND = "22133"
COULD_NOT_TELL = "22135"
NOT_PORTABLE_YET_KNOWN = {BY_HAND: Verdict.BY_HAND, COULD_NOT_TELL: Verdict.UNKNOWN}

ALREADY_CANCELED = frozenset({PortStatus.CANCELED, PortStatus.CANCEL_REQUESTED})
TOO_LATE_WORDS = re.compile(r"\b(48|hours?|late|scheduled|port date|complete|completed)\b", re.IGNORECASE)


class TwilioPorting:
    """The porting facet. `submit` makes two requests: it uploads the bill, then creates the port-in request."""

    capabilities = PortingCapabilities(
        countries=frozenset({"US"}),
        kinds=frozenset(NumberKind) - {NumberKind.TOLL_FREE},
        lead_days=7,
        cancel_cutoff=timedelta(hours=48),
        letter=LetterMode.CARRIER_SIGNS,
        largest_order=1000,
        staff_email="porting@twilio.com",  # https://www.twilio.com/docs/api/errors/22150
        # as the carrier tells its customers
        usual_times=(UsualTime("US", 5, 15),),
    )

    def __init__(self, client: Client, outgoing: Outgoing, settings: Settings) -> None:
        self._client = client
        self._outgoing = outgoing
        self._settings = settings

    def check(self, number: str) -> Portability:
        """Check one number. Code 22135 means that the carrier could not tell, so the verdict is UNKNOWN."""
        with understood():
            answer = self._client.numbers.v1.porting_portabilities(number).fetch(
                target_account_sid=self._settings.account_sid
            )
            return _portability(number, answer)

    def submit(self, filing: Filing) -> list[OrderSnapshot]:
        """Create one request. The carrier never splits it; numbers it cannot port come back NOT_PORTABLE."""
        document = self._upload(filing)
        body = port_in_body(filing, account_sid=self._settings.account_sid, document=document)
        create = PortingPortInList.NumbersV1PortingPortInCreate(body)
        with understood():
            order = self._client.numbers.v1.porting_port_ins.create(numbers_v1_porting_port_in_create=create)
            return [order_snapshot(order)]

    def complete(self, reference: str, filing: Filing) -> None:
        """The carrier makes no drafts: there is nothing to do for a request that it has."""
        self.fetch(reference)

    def find(self, filing: Filing, since: datetime) -> list[OrderSnapshot]:
        """Find requests made since then for the filing's numbers and customer.

        The carrier keeps no reference of ours: its requests are compared.
        """
        numbers = {filed.number for filed in filing.numbers}
        with understood():
            orders = [self._order(reference) for reference in self.recent(since)]
            alike = [order for order in orders if _made_since(order, since) and _numbers(order) == numbers]
            return [order for order in map(order_snapshot, alike) if order.goes_to(filing.addresses)]

    def fetch(self, reference: str) -> OrderSnapshot:
        """Read a request with all its numbers."""
        with understood():
            return order_snapshot(self._order(reference))

    def recent(self, since: datetime) -> list[str]:
        """List references of requests made since then; the carrier lists the newest first."""
        with understood():
            return [*self._references(since - LEEWAY)][::-1]

    def supplement(self, reference: str, filing: Filing) -> ChangeAnswer:
        """The carrier cannot change a request: it must be cancelled and filed again."""
        return ChangeAnswer.MUST_REFILE

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Cancel the request, or the named numbers one by one. Those that are cancelled already are skipped.

        The carrier refuses within 48 hours of the port date. The wording is not documented, so a refusal that does
        not mention time goes to staff.
        """
        order = self.fetch(reference)
        concerned = _named(order, numbers)
        if concerned and all(number.status in ALREADY_CANCELED for number in concerned):
            return CancelAnswer.ACCEPTED
        try:
            self._delete(order, concerned if numbers else ())
        except NotFound:
            raise
        except (Conflict, Refused) as error:
            return _refusal(error)
        return CancelAnswer.ACCEPTED

    def _upload(self, filing: Filing) -> str:
        try:
            return upload_bill(filing.bill, self._settings, self._outgoing)
        except CarrierError as error:
            error.not_made = True  # whether or not the document was uploaded, no request was created
            raise

    def _order(self, reference: str) -> PortingPortInInstance:
        return self._client.numbers.v1.porting_port_ins(reference).fetch()

    def _references(self, since: datetime) -> Iterator[str]:
        """Read the list page by page; the SDK's `list()` cannot parse the documented answer."""
        params: dict[str, object] = {"CreatedAfter": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "Size": PAGE}
        for _ in range(LONGEST_LIST):
            page = json.loads(self._client.request("GET", LIST_URL, params=params).text)
            yield from (found["port_in_request_sid"] for found in page["port_in_requests"])
            params["Token"] = page["meta"]["next_token"]
            if not params["Token"]:
                return
        raise ValueError("the list of requests has no end")

    def _delete(self, order: OrderSnapshot, numbers: tuple[NumberSnapshot, ...]) -> None:
        if not numbers:
            self._client.numbers.v1.porting_port_ins(order.reference).delete()
        for number in numbers:
            if number.status not in ALREADY_CANCELED:
                self._client.numbers.v1.porting_port_in_phone_number(order.reference, number.reference).delete()


def _portability(number: str, answer: PortingPortabilityInstance) -> Portability:
    if answer.portable is None:
        raise ValueError("neither portable nor not")
    kind = number_kind(answer.number_type)
    reason = None if answer.portable else port_reason(answer.not_portable_reason_code, answer.not_portable_reason)
    return Portability(
        number=number,
        verdict=NOT_PORTABLE_YET_KNOWN.get(reason.carrier_code, Verdict.NO) if reason else Verdict.YES,
        kind=kind,
        needs_account_and_pin=bool(answer.pin_and_account_number_required) or kind is NumberKind.MOBILE,
        reason=reason,
    )


def _numbers(order: PortingPortInInstance) -> set[str]:
    return {item["phone_number"] for item in items(order)}


def _made_since(order: PortingPortInInstance, since: datetime) -> bool:
    """Whether a request was created since then. A date that the SDK cannot parse counts as recent."""
    return not isinstance(order.date_created, datetime) or order.date_created >= since - LEEWAY


def _named(order: OrderSnapshot, numbers: tuple[str, ...]) -> tuple[NumberSnapshot, ...]:
    if not numbers:
        return order.numbers
    found = tuple(number for number in order.numbers if number.number in numbers)
    if len(found) < len(set(numbers)):
        raise NotFound("the order has no such number")
    return found


def _refusal(error: Conflict | Refused) -> CancelAnswer:
    if isinstance(error, Conflict) or TOO_LATE_WORDS.search(str(error)):
        return CancelAnswer.TOO_LATE
    return CancelAnswer.NEEDS_STAFF
