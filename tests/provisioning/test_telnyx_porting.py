from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from provisioning.carriers.telnyx.order_comments import TelnyxOrderComments
from provisioning.carriers.telnyx.porting import TelnyxPorting
from provisioning.carriers.telnyx.porting_filings import end_user, misc, wished_moment
from provisioning.carriers.telnyx.porting_orders import order_snapshot
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.errors import Conflict, NotFound, Refused, Unavailable
from provisioning.contract.numbers import Routing
from provisioning.contract.porting import (
    Address,
    CancelAnswer,
    ChangeAnswer,
    CommittedDate,
    FiledNumber,
    Filing,
    NumberKind,
    Paper,
    PortStatus,
    Precision,
    ReasonCode,
    Remaining,
    Subscriber,
    SubscriberKind,
    Verdict,
)
from tests.provisioning.carrier_cases import PortingCases

NUMBER, SECOND, TOLL_FREE, CANADIAN = "+14157362671", "+14157362672", "+18887362671", "+14167362671"
GOOD_ACCOUNT, GOOD_PIN = "1000200030", "4242"
TOLD = "https://us.test/webhooks/telnyx"

FILING = Filing(
    reference="our-order-1",
    numbers=(FiledNumber(NUMBER), FiledNumber(TOLL_FREE)),
    subscriber=Subscriber(
        kind=SubscriberKind.BUSINESS,
        name="Bright Dental",
        authorized_person="Ann Lee",
        authorized_email="ann@example.com",
        address=Address("1 Main St", "San Francisco", "CA", "94105", "US", street2="Floor 2"),
        account_number=GOOD_ACCOUNT,
    ),
    bill=Paper("bill.pdf", "application/pdf", b"%PDF-1.4 a bill"),
    letter=Paper("letter.pdf", "application/pdf", b"%PDF-1.4 a letter"),
    wished=date(2026, 3, 16),
)


@pytest.fixture
def porting(at_telnyx):
    return TelnyxPorting(at_telnyx.client, Targets(at_telnyx.client, ""), lambda subject: f"{TOLD}/{subject}?mark=1")


@pytest.fixture
def now(clock):
    return clock.now()


def filing(*numbers, pin="", **changes):
    return replace(FILING, numbers=tuple(FiledNumber(number, pin) for number in numbers), **changes)


class TestTelnyxPorting(PortingCases):
    @pytest.fixture
    def filing(self):
        return FILING

    @pytest.fixture
    def not_portable(self):
        return "+14157362130"

    @pytest.fixture
    def unknown_reference(self):
        return "0d7d7e45-9a4c-4a4f-9f5c-2e1b54b6a001"


class Port:
    """One order at the sandbox, and its clock."""

    def __init__(self, porting, world, clock, wanted):
        self.porting, self.world, self.clock = porting, world, clock
        [draft] = porting.submit(wanted)
        self.reference = draft.reference
        porting.complete(self.reference, wanted)

    def wait(self, **time):
        self.clock.jump(timedelta(**time))
        self.world.run_due()
        return self

    def answered(self):
        """The losing carrier has answered."""
        return self.wait(minutes=5).wait(hours=4)

    @property
    def now(self):
        return self.porting.fetch(self.reference)

    @property
    def number(self):
        [number] = self.now.numbers
        return number

    @property
    def kept(self):
        return self.world.state.port_orders[self.reference]


@pytest.fixture
def port(porting, world, clock):
    return lambda number=NUMBER, **rest: Port(porting, world, clock, filing(number, **rest))


@pytest.mark.parametrize(
    ("number", "verdict", "reason"),
    [("+14157362130", Verdict.NO, ReasonCode.NOT_PORTABLE), ("+14157362132", Verdict.NO, ReasonCode.OTHER)],
)
def test_why_a_number_cannot_come_is_told(porting, number, verdict, reason):
    answer = porting.check(number)
    assert (answer.verdict, answer.reason.code) == (verdict, reason)


def test_toll_free_and_canadian_numbers_come(porting):
    assert porting.check(CANADIAN).verdict is Verdict.YES
    toll_free = porting.check(TOLL_FREE)
    assert (toll_free.verdict, toll_free.kind) == (Verdict.YES, NumberKind.TOLL_FREE)


def test_a_filing_is_split_and_each_order_is_sent_by_itself(porting, world):
    wanted = filing(NUMBER, SECOND, TOLL_FREE, CANADIAN)
    drafts = porting.submit(wanted)
    assert sorted(sorted(number.number for number in draft.numbers) for draft in drafts) == [
        [NUMBER, SECOND],
        [CANADIAN],
        [TOLL_FREE],
    ]
    porting.complete(drafts[0].reference, wanted)
    statuses = [{number.status for number in porting.fetch(draft.reference).numbers} for draft in drafts]
    assert statuses == [{PortStatus.IN_REVIEW}, {PortStatus.DRAFT}, {PortStatus.DRAFT}]


def test_everything_the_customer_said_is_filed(port, world):
    order = port(pin=GOOD_PIN, remaining=Remaining.KEEP, new_billing_number=SECOND)
    fields = order.kept.fields
    assert fields["end_user"] == {
        "admin": {
            "entity_name": "Bright Dental",
            "auth_person_name": "Ann Lee",
            "billing_phone_number": NUMBER,
            "account_number": GOOD_ACCOUNT,
            "pin_passcode": GOOD_PIN,
            "tax_identifier": None,
            "business_identifier": None,
        },
        "location": {
            "street_address": "1 Main St",
            "extended_address": "Floor 2",
            "locality": "San Francisco",
            "administrative_area": "CA",
            "postal_code": "94105",
            "country_code": "US",
        },
    }
    assert fields["misc"] == {
        "type": "partial",
        "remaining_numbers_action": "keep",
        "new_billing_phone_number": SECOND,
    }
    assert (fields["webhook_url"], order.now.filing) == (f"{TOLD}/porting?mark=1", "our-order-1")
    papers = {name: world.state.papers[paper] for name, paper in fields["documents"].items()}
    assert {name: (paper.filename, paper.size) for name, paper in papers.items()} == {
        "loa": ("letter.pdf", 17),
        "invoice": ("bill.pdf", 15),
    }


@pytest.mark.parametrize(
    ("remaining", "told"),
    [
        (None, {}),
        (Remaining.NONE, {"misc": {"type": "full"}}),
        (Remaining.END, {"misc": {"type": "partial", "remaining_numbers_action": "disconnect"}}),
    ],
)
def test_what_becomes_of_the_rest_of_an_account_is_told_where_its_main_number_moves(remaining, told):
    assert misc(replace(FILING, remaining=remaining)) == told


def test_the_number_of_the_bill_is_the_billing_number_where_one_is_known():
    subscriber = replace(FILING.subscriber, billing_number=SECOND)
    assert end_user(replace(FILING, subscriber=subscriber))["admin"]["billing_phone_number"] == SECOND


def test_numbers_with_different_pins_are_in_no_order(porting, now):
    wanted = replace(FILING, numbers=(FiledNumber(NUMBER, "1"), FiledNumber(SECOND, "2")))
    with pytest.raises(Refused) as caught:
        porting.submit(wanted)
    assert [fault.field for fault in caught.value.faults] == ["pin"]
    assert porting.recent(now) == []


def test_a_number_of_another_order_is_a_conflict(porting):
    porting.submit(filing(NUMBER))
    with pytest.raises(Conflict) as caught:
        porting.submit(filing(NUMBER, reference="our-order-2"))
    assert (caught.value.code, caught.value.not_made) == ("80003", True)


def test_drafts_of_this_filing_are_taken_up(porting):
    drafts = porting.submit(FILING)
    again = porting.submit(FILING)
    assert {draft.reference for draft in again} == {draft.reference for draft in drafts}


def test_drafts_whose_answer_was_lost_are_found_and_not_made_twice(porting, world, now):
    world.faults.add("lose-after", path="*/porting_orders", count=1)
    with pytest.raises(Unavailable) as caught:
        porting.submit(FILING)
    assert not caught.value.not_made
    found = porting.find(FILING, now)
    assert {number.number for order in found for number in order.numbers} == {NUMBER, TOLL_FREE}
    assert len(world.state.port_orders) == 2


def test_a_filing_of_other_numbers_under_the_same_reference_is_not_this_one(porting, now):
    porting.submit(filing(SECOND))
    assert porting.find(filing(NUMBER), now) == []


def test_an_order_of_before_is_not_taken_for_this_one(porting, clock):
    porting.submit(FILING)
    clock.jump(timedelta(minutes=5))
    assert porting.find(FILING, clock.now()) == []
    assert porting.recent(clock.now()) == []
    assert len(porting.find(FILING, clock.now() - timedelta(minutes=6))) == 2


REQUESTS = 10
"""Of completing a draft: it is read, its windows, profile and application, which are made, two papers, and the rest."""


@pytest.mark.parametrize("fault", ["lose-before", "lose-after", "error"])
@pytest.mark.parametrize("at", range(REQUESTS))
def test_wherever_an_answer_was_lost_it_goes_on_to_one_order(porting, world, fault, at):
    wanted = filing(NUMBER)
    [draft] = porting.submit(wanted)
    lost = world.faults.add(fault, count=1)
    lost.skip = at
    with pytest.raises(Unavailable):
        porting.complete(draft.reference, wanted)
    porting.complete(draft.reference, wanted)
    [order] = world.state.port_orders.values()
    assert (lost.struck, order.status) == (1, "in-process")
    assert all(world.state.papers[paper].linked for paper in order.fields["documents"].values())


def test_a_draft_in_which_something_is_missing_is_refused_by_its_field_and_is_mended(porting):
    wanted = filing(NUMBER, subscriber=replace(FILING.subscriber, name=""), letter=None)
    [draft] = porting.submit(wanted)
    with pytest.raises(Refused) as caught:
        porting.complete(draft.reference, wanted)
    assert {fault.field for fault in caught.value.faults} == {"name", "letter"}
    assert porting.supplement(draft.reference, filing(NUMBER)) is ChangeAnswer.APPLIED
    assert {number.status for number in porting.fetch(draft.reference).numbers} == {PortStatus.IN_REVIEW}


def test_an_order_walks_from_review_to_its_completion(port):
    order = port()
    assert (order.number.status, order.number.word) == (PortStatus.IN_REVIEW, "in-process")
    assert order.now.support_ticket.startswith("sr_")
    assert order.wait(minutes=5).number.status is PortStatus.WITH_LOSING_CARRIER
    order.wait(hours=4)
    assert order.number.status is PortStatus.SCHEDULED
    assert (order.number.committed.day, order.number.committed.precision) == (FILING.wished, Precision.INSTANT)
    order.clock.jump_to(order.number.committed.at)
    assert order.wait(minutes=1).number.status is PortStatus.PORTED


def test_a_number_points_at_us_from_its_first_moment(port, at_telnyx):
    order = port().answered()
    order.clock.jump_to(order.number.committed.at)
    order.wait(minutes=1)
    [row] = at_telnyx.client.fetch_each("/phone_numbers", {"phone_number": NUMBER})
    routing = Targets(at_telnyx.client, "").routing(row["connection_id"], row["messaging_profile_id"])
    assert routing == Routing(*(f"{TOLD}/{subject}?mark=1" for subject in ("voice", "message", "call-status")))


@pytest.mark.parametrize(("ending", "failed"), [("2671", False), ("4210", True), ("4212", True), ("4213", False)])
def test_the_texts_of_a_number_come_along_where_they_can(port, ending, failed):
    order = port(f"+1415736{ending}").answered()
    assert (order.kept.texts == "not_applicable") is (ending == "4213")
    order.clock.jump_to(order.number.committed.at)
    order.wait(minutes=1).wait(days=1)
    assert (order.number.status, order.now.texts_failed) == (PortStatus.PORTED, failed)


@pytest.mark.parametrize(
    ("wished", "beginning"),
    [
        (date(2026, 3, 16), datetime(2026, 3, 16, 15, tzinfo=UTC)),
        (date(2026, 3, 14), datetime(2026, 3, 16, 15, tzinfo=UTC)),
        (date(2026, 4, 1), None),
    ],
)
def test_the_wish_is_the_first_window_of_its_day_or_of_the_next_that_has_one(wished, beginning):
    days = ("2026-03-17T02:00:00Z", "2026-03-13T15:00:00Z", "2026-03-16T15:00:00Z")
    windows = [{"started_at": day, "ended_at": day} for day in days]
    assert wished_moment(wished, NUMBER, windows) == beginning


@pytest.mark.parametrize(
    ("ending", "reasons"),
    [
        ("2150", [ReasonCode.OTHER]),
        ("2151", [ReasonCode.SPECIAL_SERVICE]),
        ("2153", [ReasonCode.END_USER_NAME]),
        ("2154", [ReasonCode.ADDRESS]),
        ("2155", [ReasonCode.PIN]),
        ("2156", [ReasonCode.ACCOUNT_NUMBER]),
        ("2158", [ReasonCode.DATE]),
        ("2159", [ReasonCode.NOT_PORTABLE]),
        ("2161", [ReasonCode.AUTHORIZED_PERSON]),
        ("2162", [ReasonCode.BILLING_NUMBER]),
        ("2164", [ReasonCode.PENDING_ORDER]),
        ("2166", [ReasonCode.LOSING_CARRIER_SILENT]),
        ("2168", [ReasonCode.FULL_OR_PARTIAL]),
        ("2169", [ReasonCode.SPLIT_NEEDED]),
        ("2170", [ReasonCode.POSTAL_CODE]),
        ("2172", [ReasonCode.REGISTRY_CONFLICT]),
        ("2175", [ReasonCode.ACCOUNT_NUMBER, ReasonCode.PIN]),
    ],
)
def test_each_exception_has_its_reasons(port, ending, reasons):
    order = port(f"+1415736{ending}").answered()
    assert order.number.status is PortStatus.REJECTED
    assert [reason.code for reason in order.number.reasons] == reasons
    assert all(reason.carrier_code and reason.carrier_text for reason in order.number.reasons)


def test_what_is_corrected_goes_on_in_the_same_order(port, porting):
    order = port("+14157363155", pin="1").answered()
    assert order.number.reasons[0].code is ReasonCode.PIN
    assert porting.supplement(order.reference, filing("+14157363155", pin=GOOD_PIN)) is ChangeAnswer.APPLIED
    assert order.number.status is PortStatus.IN_REVIEW
    assert order.answered().number.status is PortStatus.SCHEDULED


def test_a_correction_whose_answer_was_lost_is_sent_once(port, porting, world):
    order, corrected = port("+14157363155", pin="1").answered(), filing("+14157363155", pin=GOOD_PIN)
    world.faults.add("lose-after", path="*/confirm", count=1)
    with pytest.raises(Unavailable):
        porting.supplement(order.reference, corrected)
    assert porting.supplement(order.reference, corrected) is ChangeAnswer.APPLIED
    assert order.kept.comments == []


def test_what_the_carrier_does_not_change_its_staff_are_asked_for_without_a_secret(port, porting):
    order = port().wait(minutes=5)
    changed = filing(NUMBER, pin="8675", wished=date(2026, 3, 17))
    assert porting.supplement(order.reference, changed) is ChangeAnswer.NEEDS_STAFF
    [comment] = order.kept.comments
    assert {"pin_passcode", "foc_datetime_requested"} <= set(comment.body.replace(",", "").replace(".", "").split())
    assert "8675" not in comment.body


def test_its_staff_are_written_to_once_in_the_same_words(port, at_telnyx, clock):
    order, comments = port(), TelnyxOrderComments(at_telnyx.client)
    for text in ("Where is it?", "Where is it?", "And now?"):
        comments.write(order.reference, text, clock.now())
    assert [(one.body, one.user_type) for one in order.kept.comments] == [
        ("Where is it?", "user"),
        ("And now?", "user"),
    ]
    with pytest.raises(NotFound):
        comments.write("no-such-order", "Where is it?", clock.now())


def test_the_same_words_written_anew_days_later_reach_its_staff_again(port, at_telnyx, clock):
    order, comments = port(), TelnyxOrderComments(at_telnyx.client)
    for _ in range(2):
        comments.write(order.reference, "Any update?", clock.now())
        order.wait(minutes=3 * 24 * 60)
    assert [one.body for one in order.kept.comments] == ["Any update?"] * 2


def test_what_the_carriers_staff_write_is_read_without_what_may_be_secret(port, world):
    order = port()
    world.port_orders.comment(order.kept, "PIN 4242 of +14157362671 is wrong, call us.", "admin")
    world.port_orders.comment(order.kept, "We are on it.")
    [comment] = order.now.comments
    assert (comment.text, bool(comment.reference)) == ("PIN … of … is wrong, call us.", True)


def test_an_order_that_ended_must_be_filed_anew(port, porting):
    order = port()
    porting.cancel(order.reference)
    order.wait(minutes=1)
    assert order.number.status is PortStatus.CANCELED
    assert porting.supplement(order.reference, FILING) is ChangeAnswer.MUST_REFILE


def test_a_cancelled_order_says_so_when_it_is_done(port, porting):
    order = port()
    assert porting.cancel(order.reference) is CancelAnswer.ACCEPTED
    assert order.number.status is PortStatus.CANCEL_REQUESTED
    assert order.wait(minutes=1).number.status is PortStatus.CANCELED


def test_a_draft_that_is_cancelled_is_gone(porting):
    [draft] = porting.submit(filing(NUMBER))
    assert porting.cancel(draft.reference) is CancelAnswer.ACCEPTED
    with pytest.raises(NotFound):
        porting.fetch(draft.reference)


def test_it_is_too_late_to_cancel_near_the_date(port, porting, clock):
    order = port().answered()
    clock.jump_to(order.number.committed.at - timedelta(hours=24))
    assert porting.cancel(order.reference) is CancelAnswer.TOO_LATE


def test_some_numbers_of_an_order_are_taken_out_by_staff(porting):
    [draft] = porting.submit(filing(NUMBER, SECOND))
    assert porting.cancel(draft.reference, (SECOND,)) is CancelAnswer.NEEDS_STAFF
    assert porting.cancel(draft.reference, (SECOND, NUMBER)) is CancelAnswer.ACCEPTED


def order(value="in-process", *, details=(), **more):
    found = {"id": "o-1", "phone_numbers": [{"phone_number": NUMBER}], **more}
    return found | {"status": {"value": value, "details": list(details)}}


def status_of(*args, **more):
    return order_snapshot(order(*args, **more)).numbers[0].status


def test_a_word_never_heard_of_is_kept():
    [number] = order_snapshot(order("on-the-moon")).numbers
    assert (number.status, number.word) == (PortStatus.UNKNOWN, "on-the-moon")


def test_a_confirmed_date_that_is_not_told_is_no_date():
    assert status_of("foc-date-confirmed", activation_settings={}) is PortStatus.WITH_LOSING_CARRIER


def test_the_day_of_a_date_is_that_at_the_number():
    at = datetime(2026, 5, 17, 3, tzinfo=UTC)
    [number] = order_snapshot(
        order("foc-date-confirmed", activation_settings={"foc_datetime_actual": "2026-05-17T03:00:00.000Z"})
    ).numbers
    assert number.committed == CommittedDate(date(2026, 5, 16), Precision.INSTANT, at)


def test_an_exception_has_a_reason_also_where_it_tells_none_or_an_unknown_one():
    [told] = order_snapshot(order("exception")).numbers[0].reasons
    assert told.code is ReasonCode.OTHER
    [told] = order_snapshot(order("exception", details=[{"code": "NEW_ONE", "description": "x"}])).numbers[0].reasons
    assert (told.code, told.carrier_code, told.carrier_text) == (ReasonCode.OTHER, "NEW_ONE", "x")
