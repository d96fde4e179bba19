"""Planted secrets must not appear in a log at any level, in an error, or in a repr."""

import logging
from dataclasses import replace

import pytest

from provisioning.contract.errors import CarrierError
from provisioning.contract.messaging import OutgoingMessage
from provisioning.contract.porting import FiledNumber, Paper
from tests.provisioning.rehearsal import TOKEN
from tests.provisioning.test_twilio_porting import FILING

PIN, ACCOUNT_NUMBER, WORDS, DOCUMENT = "canary-pin-4242", "canary-account-77", "canary-words", b"canary-document"
NUMBER = "+14157362671"
CANARIES = (PIN, ACCOUNT_NUMBER, WORDS, DOCUMENT.decode(), TOKEN)

SECRET_FILING = replace(
    FILING,
    numbers=(FiledNumber(NUMBER, PIN),),
    subscriber=replace(FILING.subscriber, account_number=ACCOUNT_NUMBER),
    bill=Paper("bill.pdf", "application/pdf", DOCUMENT),
)
SECRET_MESSAGE = OutgoingMessage("+15005550001", NUMBER, WORDS, "https://us.test/status")


@pytest.fixture(params=["", "lose-before", "lose-after", "throttle", "error", "outage"])
def day(request, world):
    """The carrier without faults, and with each of them."""
    if request.param:
        world.faults.add(request.param, lasting=60)


@pytest.fixture
def said(caplog):
    """Everything that our own code logs, with all its fields."""
    caplog.set_level(logging.DEBUG, logger="provisioning")
    return lambda: str([vars(record) for record in caplog.records if record.name.startswith("provisioning")])


def told_by(call):
    """An error in every form in which it may be logged."""
    try:
        return repr(call())
    except CarrierError as error:
        return f"{error} {error!r} {vars(error)} {error.__cause__}"


def test_a_filing_is_never_repeated(carrier, day, said):
    told = told_by(lambda: carrier.porting.submit(SECRET_FILING)) + repr(SECRET_FILING) + said()
    assert [canary for canary in CANARIES if canary in told] == []


def test_a_message_is_never_repeated(carrier, day, said):
    told = told_by(lambda: carrier.network.messaging.send(SECRET_MESSAGE)) + repr(SECRET_MESSAGE) + said()
    assert [canary for canary in CANARIES if canary in told] == []


def test_no_number_is_logged(carrier, day, said):
    told_by(lambda: carrier.porting.check(NUMBER))
    told_by(lambda: carrier.network.numbers.find(NUMBER))
    assert "4157362671" not in said()


def test_no_error_tells_the_number(carrier, day):
    unknown = FILING.numbers[0].number
    told = told_by(lambda: carrier.network.messaging.send(SECRET_MESSAGE)) + told_by(
        lambda: carrier.porting.cancel("KW00000000000000000000000000000000", (unknown,))
    )
    assert "4157362671" not in told
