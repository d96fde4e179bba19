from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from twilio.rest.numbers.v1.porting_port_in import PortingPortInInstance

from provisioning.carriers.twilio.orders import committed_date, order_snapshot
from provisioning.contract.errors import Broken, Conflict, Unavailable
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
    Subscriber,
    SubscriberKind,
    Verdict,
)
from sandbox.faults import ApiSpelling
from tests.provisioning.carrier_cases import PortingCases

NUMBER, SECOND = "+14157362671", "+14157362672"
GOOD_ACCOUNT, GOOD_PIN = "1000200030", "4242"

FILING = Filing(
    reference="our-order-1",
    numbers=(FiledNumber(NUMBER), FiledNumber(SECOND)),
    subscriber=Subscriber(
        kind=SubscriberKind.BUSINESS,
        name="Bright Dental",
        authorized_person="Ann Lee",
        authorized_email="ann@example.com",
        address=Address("1 Main St", "San Francisco", "CA", "94105", "US", street2="Floor 2"),
        account_number=GOOD_ACCOUNT,
        billing_number=NUMBER,
    ),
    bill=Paper("bill.pdf", "application/pdf", b"%PDF-1.4 a bill"),
    wished=date(2026, 3, 16),
    copies_to=("office@example.com",),
)


@pytest.fixture
def porting(carrier):
    return carrier.porting


@pytest.fixture
def now(clock):
    return clock.now()


def filing(*numbers, pin="", account=GOOD_ACCOUNT):
    subscriber = replace(FILING.subscriber, account_number=account)
    return replace(FILING, numbers=tuple(FiledNumber(number, pin) for number in numbers), subscriber=subscriber)


class TestTwilioPorting(PortingCases):
    @pytest.fixture
    def filing(self):
        return FILING

    @pytest.fixture
    def not_portable(self):
        return "+14157362130"

    @pytest.fixture
    def unknown_reference(self):
        return "KW00000000000000000000000000000000"


class Port:
    """One order at the sandbox, and its clock."""

    def __init__(self, porting, world, clock, wanted):
        self.porting, self.world, self.clock = porting, world, clock
        [self.filed] = porting.submit(wanted)
        self.reference = self.filed.reference

    def wait(self, **time):
        self.clock.jump(timedelta(**time))
        self.world.run_due()
        return self

    def signed(self):
        self.wait(minutes=1)
        self.world.sign(self.reference)
        return self.wait(minutes=1)

    def accepted(self):
        return self.signed().wait(hours=5)

    @property
    def now(self):
        return self.porting.fetch(self.reference)

    @property
    def number(self):
        [number] = self.now.numbers
        return number


@pytest.fixture
def port(porting, world, clock):
    return lambda *numbers, **rest: Port(porting, world, clock, filing(*(numbers or (NUMBER,)), **rest))


@pytest.mark.parametrize(
    ("number", "verdict", "reason"),
    [
        ("+14157362130", Verdict.NO, ReasonCode.NOT_PORTABLE),
        ("+14157362131", Verdict.NO, ReasonCode.ALREADY_OURS),
        ("+14157362132", Verdict.NO, ReasonCode.OTHER_OWNER),
        ("+14157362133", Verdict.BY_HAND, ReasonCode.BY_HAND_ONLY),
        ("+14157362135", Verdict.UNKNOWN, ReasonCode.OTHER),
        ("+14157362136", Verdict.NO, ReasonCode.ALREADY_OURS),
        ("+14157362137", Verdict.NO, ReasonCode.DUPLICATE_REQUEST),
        ("+18007362671", Verdict.BY_HAND, ReasonCode.BY_HAND_ONLY),
    ],
)
def test_each_portability_code_has_its_verdict(porting, number, verdict, reason):
    answer = porting.check(number)
    assert (answer.verdict, answer.reason.code) == (verdict, reason)


def test_a_mobile_number_needs_account_and_pin(porting):
    answer = porting.check("+14157366000")
    assert answer.kind is NumberKind.MOBILE
    assert answer.needs_account_and_pin
    assert not porting.check(NUMBER).needs_account_and_pin


def test_a_portability_check_that_cannot_be_made_is_no_verdict(porting, world):
    world.faults.add("outage", lasting=60)
    with pytest.raises(Unavailable):
        porting.check(NUMBER)


def test_everything_the_customer_said_is_filed(porting, world):
    [order] = porting.submit(filing(NUMBER, SECOND, pin=GOOD_PIN))
    at_carrier = world.port_in(order.reference)
    assert [number.phone_number for number in at_carrier.numbers] == [NUMBER, SECOND]
    assert {number.pin for number in at_carrier.numbers} == {GOOD_PIN}


def test_the_bill_arrives_as_it_is(porting, world):
    porting.submit(FILING)
    [document] = world.state.documents.values()
    assert document.mime_type == "application/pdf"


def test_an_order_walks_from_review_to_its_completion(port):
    order = port()
    assert order.number.status is PortStatus.IN_REVIEW
    order.wait(minutes=1)
    assert order.number.status is PortStatus.AWAITING_SIGNATURE
    assert order.now.signature_url
    order.signed()
    assert order.number.status is PortStatus.WITH_LOSING_CARRIER
    order.wait(hours=5)
    assert order.number.status is PortStatus.SCHEDULED
    assert order.number.committed.day == FILING.wished
    order.wait(days=15)
    assert order.number.status is PortStatus.PORTED


@pytest.mark.parametrize("spelling", ApiSpelling)
def test_the_spelling_of_a_status_does_not_matter(port, world, spelling):
    world.faults.api_spelling = spelling
    assert port().number.status is PortStatus.IN_REVIEW


def test_a_withdrawn_date_is_no_date(port, world):
    order = port().accepted()
    world.withdraw_date(order.reference)
    assert (order.number.status, order.number.committed) == (PortStatus.WITH_LOSING_CARRIER, None)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (22150, ReasonCode.OTHER),
        (22151, ReasonCode.LOCKED_OR_FROZEN),
        (22152, ReasonCode.NUMBER_INACTIVE),
        (22153, ReasonCode.END_USER_NAME),
        (22154, ReasonCode.ADDRESS),
        (22155, ReasonCode.PIN),
        (22156, ReasonCode.ACCOUNT_NUMBER),
        (22157, ReasonCode.OTHER),
        (22158, ReasonCode.DATE),
        (22159, ReasonCode.NOT_PORTABLE),
    ],
)
def test_each_rejection_has_its_reason(port, world, code, reason):
    order = port().signed()
    world.reject(order.reference, NUMBER, code)
    assert order.number.status is PortStatus.REJECTED
    [told] = order.number.reasons
    assert (told.code, told.carrier_code) == (reason, str(code))


def test_a_letter_nobody_signs_expires(port, world):
    order = port().wait(minutes=1)
    world.expire(order.reference)
    assert order.number.status is PortStatus.EXPIRED


def test_a_number_that_cannot_be_ported_is_told_apart_from_the_others(port):
    told = {number.number: number for number in port(NUMBER, "+14157362130").now.numbers}
    assert told[NUMBER].status is PortStatus.IN_REVIEW
    assert told["+14157362130"].status is PortStatus.NOT_PORTABLE
    assert told["+14157362130"].reasons[0].code is ReasonCode.NOT_PORTABLE


def test_a_completed_order_may_hold_a_number_that_is_not_ported(port, world):
    order = port(NUMBER, "+14157364205").accepted().wait(days=16)
    told = {number.number: number.status for number in order.now.numbers}
    assert told == {NUMBER: PortStatus.PORTED, "+14157364205": PortStatus.CANCELED}


def test_a_cancelled_order_says_so_when_it_is_done(port):
    order = port()
    assert order.porting.cancel(order.reference) is CancelAnswer.ACCEPTED
    assert order.number.status is PortStatus.CANCEL_REQUESTED
    assert order.wait(minutes=2).number.status is PortStatus.CANCELED


def test_one_number_is_cancelled_and_the_other_goes_on(port):
    order = port(NUMBER, SECOND)
    assert order.porting.cancel(order.reference, (SECOND,)) is CancelAnswer.ACCEPTED
    order.wait(minutes=2)
    told = {number.number: number.status for number in order.now.numbers}
    assert told[SECOND] is PortStatus.CANCELED
    assert told[NUMBER] is PortStatus.AWAITING_SIGNATURE


def test_it_is_too_late_to_cancel_near_the_date(port, clock):
    order = port().accepted()
    at = order.number.committed.at
    clock.jump_to(at - timedelta(hours=24))
    assert order.porting.cancel(order.reference) is CancelAnswer.TOO_LATE


def test_a_cancel_that_is_refused_at_once_is_no_error(port):
    order = port("+14157364401")
    assert order.porting.cancel(order.reference) in {CancelAnswer.TOO_LATE, CancelAnswer.NEEDS_STAFF}


def test_a_correction_means_filing_anew(port):
    order = port()
    assert order.porting.supplement(order.reference, FILING) is ChangeAnswer.MUST_REFILE


def test_a_number_on_its_way_already_is_a_conflict(porting):
    porting.submit(FILING)
    with pytest.raises(Conflict) as caught:
        porting.submit(FILING)
    assert caught.value.code == "22137"
    assert caught.value.not_made


def test_an_order_whose_answer_was_lost_is_found_and_not_filed_twice(porting, world, now):
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    with pytest.raises(Unavailable) as caught:
        porting.submit(FILING)
    assert not caught.value.not_made
    [found] = porting.find(FILING, now)
    assert {number.number for number in found.numbers} == {NUMBER, SECOND}


@pytest.mark.parametrize(
    "changed",
    [
        {"copies_to": ("another@example.com",)},
        {"subscriber": replace(FILING.subscriber, authorized_email="another@example.com")},
        {"copies_to": ("Office@Example.com",), "subscriber": replace(FILING.subscriber, authorized_email="")},
    ],
)
def test_an_order_is_found_by_the_address_of_its_letter_or_of_its_copies(porting, now, changed):
    [filed] = porting.submit(FILING)
    assert [found.reference for found in porting.find(replace(FILING, **changed), now)] == [filed.reference]


def test_a_bill_whose_upload_was_lost_leaves_no_order(porting, world, now):
    world.faults.add("lose-after", path="*/Documents", count=1)
    with pytest.raises(Unavailable) as caught:
        porting.submit(FILING)
    assert caught.value.not_made
    assert porting.find(FILING, now) == []


def test_an_order_of_before_is_not_taken_for_this_one(porting, clock):
    [order] = porting.submit(FILING)
    clock.jump(timedelta(minutes=5))
    assert porting.find(FILING, clock.now()) == []
    assert [found.reference for found in porting.find(FILING, clock.now() - timedelta(minutes=6))] == [order.reference]


def test_a_long_list_of_orders_is_read_to_its_end(porting, now, monkeypatch):
    monkeypatch.setattr("provisioning.carriers.twilio.porting.PAGE", 2)
    filed = [porting.submit(filing(f"+1415736{digits}"))[0].reference for digits in range(5000, 5005)]
    assert sorted(porting.recent(now)) == sorted(filed)


def test_a_list_of_orders_without_end_is_broken(porting, now, monkeypatch):
    monkeypatch.setattr("provisioning.carriers.twilio.porting.PAGE", 1)
    monkeypatch.setattr("provisioning.carriers.twilio.porting.LONGEST_LIST", 1)
    porting.submit(filing("+14157365001"))
    porting.submit(filing("+14157365002"))
    with pytest.raises(Broken):
        porting.recent(now)


def order(status="In Review", **item):
    item = {"phone_number": NUMBER, "portable": True, "port_in_phone_number_status": "In Review", **item}
    payload = {"port_in_request_sid": "KW1", "port_in_request_status": status, "phone_numbers": [item]}
    return PortingPortInInstance(None, payload)


def status_of(*args, **item):
    return order_snapshot(order(*args, **item)).numbers[0].status


def test_the_order_says_completed_and_the_number_does_not():
    assert status_of("Completed", port_in_phone_number_status="port_pending") is PortStatus.WITH_LOSING_CARRIER


def test_the_order_waits_for_a_signature_and_the_number_says_review():
    assert status_of("Waiting for Signature") is PortStatus.AWAITING_SIGNATURE


@pytest.mark.parametrize("word", ["port_rejected", "completed"])
def test_a_cancelled_order_does_not_undo_what_became_of_a_number(word):
    assert status_of("Canceled", port_in_phone_number_status=word) not in {PortStatus.CANCELED, PortStatus.UNKNOWN}


def test_a_word_never_heard_of_is_kept():
    [number] = order_snapshot(order(port_in_phone_number_status="On The Moon")).numbers
    assert (number.status, number.word) == (PortStatus.UNKNOWN, "On The Moon")


def test_why_an_order_was_cancelled_is_kept():
    cancelled = order("Canceled")
    cancelled.order_cancellation_reason = "customer asked"
    assert order_snapshot(cancelled).numbers[0].reasons[0].carrier_text == "customer asked"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, None),
        ("", None),
        ("2026-05-17", CommittedDate(date(2026, 5, 17))),
        ("2026-05-17T00:00:00Z", CommittedDate(date(2026, 5, 17))),
        (
            "2026-05-17T15:00:00Z",
            CommittedDate(date(2026, 5, 17), Precision.INSTANT, datetime(2026, 5, 17, 15, tzinfo=UTC)),
        ),
        (
            "2026-05-17T03:00:00Z",  # still the evening before in San Francisco
            CommittedDate(date(2026, 5, 16), Precision.INSTANT, datetime(2026, 5, 17, 3, tzinfo=UTC)),
        ),
        (
            "2026-05-17T10:00:00-07:00",
            CommittedDate(date(2026, 5, 17), Precision.INSTANT, datetime(2026, 5, 17, 17, tzinfo=UTC)),
        ),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(written, read):
    assert committed_date(written, NUMBER) == read


def test_the_day_in_newfoundland_is_its_own_and_not_that_of_utc():
    at = datetime(2026, 5, 17, 1, tzinfo=UTC)
    committed = committed_date("2026-05-17T01:00:00Z", "+17097221234")
    assert committed == CommittedDate(date(2026, 5, 16), Precision.INSTANT, at)


@pytest.mark.parametrize("number", ["+18005550100", "+18835550100"])
def test_a_number_of_many_zones_has_the_day_that_the_rest_of_the_house_gives_it(number):
    assert committed_date("2026-05-17T03:00:00Z", number).day == date(2026, 5, 16)


def test_an_order_that_breaks_the_schema_is_broken(porting, port, monkeypatch):
    reference = port().reference
    monkeypatch.setattr(
        "provisioning.carriers.twilio.porting.TwilioPorting._order", lambda *_: order(port_date="some day")
    )
    with pytest.raises(Broken):
        porting.fetch(reference)
