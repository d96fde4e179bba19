"""Porting numbers in (https://developers.telnyx.com/docs/numbers/porting)."""

from base64 import b64encode
from datetime import datetime, timedelta
from itertools import takewhile

from phonenumbers import PhoneNumberType, number_type, parse

from provisioning.carriers.telnyx.activation import comes_fast, newest_job
from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, first, id_of, moment, objects_of
from provisioning.carriers.telnyx.porting_filings import changed_fields, end_user, misc, wished_moment
from provisioning.carriers.telnyx.porting_orders import can_bring_texts, numbers_of, order_snapshot, status_of
from provisioning.carriers.telnyx.porting_words import KINDS, NOT_PORTABLE, ORDERS
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.callbacks import OurAddress, Subject
from provisioning.contract.errors import Conflict, Fault, NotFound, Refused
from provisioning.contract.numbers import Routing
from provisioning.contract.porting import (
    CancelAnswer,
    ChangeAnswer,
    Filing,
    NumberKind,
    OrderSnapshot,
    Paper,
    Portability,
    PortStatus,
    Reason,
    ReasonCode,
    Verdict,
)
from provisioning.contract.porting_rules import LetterMode, PortingCapabilities, UsualTime

NEEDS_ACTION = frozenset({PortStatus.DRAFT, PortStatus.REJECTED})
ALREADY_CANCELED = frozenset({PortStatus.CANCELED, PortStatus.CANCEL_REQUESTED})
PAST_CANCELING = frozenset({PortStatus.SCHEDULED, PortStatus.ACTIVATING, PortStatus.PORTED})


class TelnyxPorting:
    """The porting facet. `submit` makes drafts, which `complete` fills in and confirms, each by itself."""

    capabilities = PortingCapabilities(
        countries=frozenset({"US", "CA"}),
        lead_days=5,
        cancel_cutoff=timedelta(hours=48),
        letter=LetterMode.UPLOAD,
        largest_order=50,  # as many as an order shows
        # as the carrier tells its customers
        usual_times=(UsualTime("US", 5, 10), UsualTime("CA", 5, 10)),
        changes_in_place=True,
    )

    def __init__(self, client: Client, targets: Targets, address: OurAddress) -> None:
        self._client = client
        self._targets = targets
        self._address = address

    def check(self, number: str) -> Portability:
        """Check one number. Whether it is a mobile one, which needs account and PIN, the carrier need not tell."""
        answer = self._client.ask("POST", "/portability_checks", json={"phone_numbers": [number]})
        with understood():
            return _portability(number, first(objects_of(answer, "data")))

    def submit(self, filing: Filing) -> list[OrderSnapshot]:
        """Make drafts, which the carrier splits by country, kind and losing carrier. Nothing else is in them yet.

        Numbers that other drafts hold are refused; drafts of this filing, from a try whose answer was lost, are taken.
        """
        _insist_on_one_pin(filing)
        body = {"phone_numbers": [filed.number for filed in filing.numbers], "customer_reference": filing.reference}
        try:
            drafts = self._create(body)
        except Conflict:
            drafts = self._filed(filing)
            if not drafts:
                raise
        with understood():
            return [order_snapshot(draft) for draft in drafts]

    def complete(self, reference: str, filing: Filing) -> None:
        """Fill in a draft and confirm it. What was uploaded for a try that did not come to its end is deleted there."""
        with understood():
            order = self._order(reference)
            is_draft = status_of(order) is PortStatus.DRAFT
        if is_draft:
            self._fill(order, filing)
            self._confirm(reference)

    def find(self, filing: Filing, since: datetime) -> list[OrderSnapshot]:
        """Find the orders since then that bear the filing's reference and hold numbers of it."""
        with understood():
            return [order_snapshot(order) for order in self._filed(filing) if _made_since(order, since)]

    def fetch(self, reference: str) -> OrderSnapshot:
        """Read an order with all its numbers, when they come, and what the carrier's staff wrote about it."""
        with understood():
            order = self._order(reference)
            status = status_of(order)
            is_draft, is_dated = status is PortStatus.DRAFT, status is PortStatus.SCHEDULED
            comments = () if is_draft else self._client.fetch_each(f"{ORDERS}/{reference}/comments")
            job = newest_job(self._client, reference) if is_dated and comes_fast(order) else None
            return order_snapshot(order, comments, job)

    def recent(self, since: datetime) -> list[str]:
        """List references of orders made since then; the carrier lists the newest first."""
        with understood():
            made = takewhile(lambda order: _made_since(order, since), self._client.fetch_each(ORDERS))
            return [id_of(order, "id") for order in made][::-1]

    def supplement(self, reference: str, filing: Filing) -> ChangeAnswer:
        """Correct a draft or an order in exception, and confirm it again.

        Of other orders the carrier's staff change what it refuses to change itself: they are told by a comment.
        """
        with understood():
            order = self._order(reference)
            status = status_of(order)
        if status is PortStatus.CANCELED:
            return ChangeAnswer.MUST_REFILE
        if status in NEEDS_ACTION:
            self._fill(order, filing)
            self._confirm(reference)
            return ChangeAnswer.APPLIED
        return self._change(order, filing)

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Cancel an order, or delete a draft. Only the carrier's staff can take out some of its numbers."""
        with understood():
            order = self._order(reference)
            status, held = status_of(order), set(numbers_of(order))
        if not held.issuperset(numbers):
            raise NotFound("the order has no such number")
        if status in ALREADY_CANCELED:
            return CancelAnswer.ACCEPTED
        if numbers and held != set(numbers):
            return CancelAnswer.NEEDS_STAFF
        return self._delete(reference) if status is PortStatus.DRAFT else self._cancel(reference, status)

    def _create(self, body: Json) -> list[Json]:
        answer = self._client.ask("POST", ORDERS, json=body)
        with understood():
            return objects_of(answer, "data")

    def _order(self, reference: str) -> Json:
        return self._client.fetch(f"{ORDERS}/{reference}")

    def _status(self, reference: str) -> PortStatus:
        with understood():
            return status_of(self._order(reference))

    def _filed(self, filing: Filing) -> list[Json]:
        """Orders with the filing's reference, without those of other numbers, which a restored database forgot."""
        numbers = {filed.number for filed in filing.numbers}
        with understood():
            alike = self._client.fetch_each(ORDERS, {"customer_reference": filing.reference})
            return [order for order in alike if numbers.issuperset(numbers_of(order))]

    def _fill(self, order: Json, filing: Filing) -> None:
        with understood():
            reference, brings_texts = id_of(order, "id"), can_bring_texts(order)
        wished = self._wished(reference, filing)
        papers = {"loa": filing.letter, "invoice": filing.bill}
        body: Json = {
            "customer_reference": filing.reference,
            "webhook_url": self._address(Subject.PORTING),
            "phone_number_configuration": self._preset(filing),
            "end_user": end_user(filing),
            "documents": {name: self._upload(paper, filing) for name, paper in papers.items() if paper},
            **misc(filing),
        }
        if brings_texts:
            body["messaging"] = {"enable_messaging": True}
        if wished:
            body["activation_settings"] = {"foc_datetime_requested": wished.isoformat()}
        self._client.change(f"{ORDERS}/{reference}", body)

    def _preset(self, filing: Filing) -> Json:
        """What the numbers point at from their first moment. An order has one profile, so each gets its own later."""
        routing = Routing(*map(self._address, (Subject.VOICE, Subject.MESSAGE, Subject.CALL_STATUS)))
        profile = self._targets.profile(filing.numbers[0].number, routing)
        return {"connection_id": self._targets.application(routing), "messaging_profile_id": profile}

    def _wished(self, reference: str, filing: Filing) -> datetime | None:
        if filing.wished is None:
            return None
        windows = self._client.ask("GET", f"{ORDERS}/{reference}/allowed_foc_windows")
        with understood():
            return wished_moment(filing.wished, filing.numbers[0].number, objects_of(windows, "data"))

    def _upload(self, paper: Paper, filing: Filing) -> str:
        """Upload a paper, which the carrier keeps for half an hour until an order names it; its id there."""
        body = {
            "file": b64encode(paper.content).decode(),
            "filename": paper.name,
            "customer_reference": filing.reference,
        }
        with understood():
            return id_of(self._client.create("/documents", body), "id")

    def _confirm(self, reference: str) -> None:
        """Send an order off. A refusal counts while it is a draft, or names a field.

        An order that is mended may go on by itself, without being confirmed: which of both is not documented.
        """
        try:
            self._client.ask("POST", f"{ORDERS}/{reference}/actions/confirm")
        except Refused as error:
            if any(fault.field for fault in error.faults) or self._status(reference) is PortStatus.DRAFT:
                raise

    def _change(self, order: Json, filing: Filing) -> ChangeAnswer:
        with understood():
            reference = id_of(order, "id")
            changed = changed_fields(order, filing, self._wished(reference, filing))
        if not changed:
            return ChangeAnswer.APPLIED
        try:
            self._fill(order, filing)
        except (Refused, Conflict) as error:
            if isinstance(error, NotFound):
                raise
            body = {"body": f"Please change what we could not change ourselves: {', '.join(changed)}."}
            self._client.create(f"{ORDERS}/{reference}/comments", body)
            return ChangeAnswer.NEEDS_STAFF
        return ChangeAnswer.APPLIED

    def _delete(self, reference: str) -> CancelAnswer:
        self._client.delete(f"{ORDERS}/{reference}")
        return CancelAnswer.ACCEPTED

    def _cancel(self, reference: str, status: PortStatus) -> CancelAnswer:
        """Ask to cancel. The carrier refuses within 48 hours of the date; its words for that are not documented."""
        try:
            self._client.ask("POST", f"{ORDERS}/{reference}/actions/cancel")
        except NotFound:
            raise
        except (Refused, Conflict):
            return CancelAnswer.TOO_LATE if status in PAST_CANCELING else CancelAnswer.NEEDS_STAFF
        return CancelAnswer.ACCEPTED


def _portability(number: str, answer: Json) -> Portability:
    if not isinstance(answer["portable"], bool):
        raise ValueError("neither portable nor not")  # noqa: TRY004 - an unreadable answer, not a wrong argument
    kind = KINDS.get(str(answer.get("phone_number_type") or ""), _kind_by_digits(number))
    word = str(answer.get("not_portable_reason") or "")
    return Portability(
        number=number,
        verdict=Verdict.YES if answer["portable"] else Verdict.NO,
        kind=kind,
        needs_account_and_pin=kind is NumberKind.MOBILE,
        reason=None if answer["portable"] else Reason(NOT_PORTABLE.get(word, ReasonCode.OTHER), carrier_code=word),
    )


def _kind_by_digits(number: str) -> NumberKind:
    """The kind where the carrier does not tell it: toll-free numbers show in their digits."""
    is_toll_free = number_type(parse(number)) == PhoneNumberType.TOLL_FREE
    return NumberKind.TOLL_FREE if is_toll_free else NumberKind.UNKNOWN


def _insist_on_one_pin(filing: Filing) -> None:
    """Refuse what no order can hold: it has one PIN for all its numbers."""
    if len({filed.pin for filed in filing.numbers}) > 1:
        raise Refused("numbers with different PINs", faults=(Fault("pin", "one order has one PIN"),))


def _made_since(order: Json, since: datetime) -> bool:
    """Whether an order was made since then. One whose time cannot be read counts as recent."""
    made_at = moment(order.get("created_at"))
    return made_at is None or made_at >= since - LEEWAY
