import pytest

from provisioning.carriers.twilio.vocabulary import number_kind, port_reason, port_status, trouble
from provisioning.contract.messaging import Trouble
from provisioning.contract.porting import NumberKind, PortStatus, Reason, ReasonCode


@pytest.mark.parametrize("word", ["in_review", "In Review", "IN-REVIEW", " in  review "])
def test_a_status_has_many_spellings_and_one_meaning(word):
    assert port_status(word) is PortStatus.IN_REVIEW


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Waiting for Signature", PortStatus.AWAITING_SIGNATURE),
        ("port_submitted", PortStatus.WITH_LOSING_CARRIER),
        ("submitted", PortStatus.WITH_LOSING_CARRIER),
        ("Port Rejected", PortStatus.REJECTED),
        ("port_pending", PortStatus.SCHEDULED),
        ("completed", PortStatus.PORTED),
        ("canceling", PortStatus.CANCEL_REQUESTED),
        ("cancelling", PortStatus.CANCEL_REQUESTED),
        ("Cancelled", PortStatus.CANCELED),
        ("Expired", PortStatus.EXPIRED),
    ],
)
def test_each_status_word_has_its_meaning(word, status):
    assert port_status(word) is status


@pytest.mark.parametrize("word", ["", None, "on_hold", 7])
def test_a_status_never_heard_of_is_unknown(word):
    assert port_status(word) is PortStatus.UNKNOWN


def test_a_kind_of_number_has_a_hyphen_or_not():
    assert number_kind("TOLL-FREE") is NumberKind.TOLL_FREE
    assert number_kind("MOBILE") is NumberKind.MOBILE
    assert number_kind(None) is NumberKind.UNKNOWN


@pytest.mark.parametrize("code", [22155, "22155"])
def test_a_reason_code_is_a_number_or_a_text(code):
    assert port_reason(code, "INVALID_PIN") == Reason(ReasonCode.PIN, "22155", "INVALID_PIN")


def test_a_reason_without_a_code_is_known_by_its_name():
    assert port_reason(None, "INVALID_ACCOUNT_NUMBER").code is ReasonCode.ACCOUNT_NUMBER


def test_a_reason_never_heard_of_keeps_its_words():
    assert port_reason(22999, "MOON_IN_THE_WRONG_HOUSE") == Reason(ReasonCode.OTHER, "22999", "MOON_IN_THE_WRONG_HOUSE")


def test_no_error_code_is_no_trouble_and_an_unknown_one_is_other():
    assert trouble(None) is None
    assert trouble("") is None
    assert trouble(30034) is Trouble.NOT_REGISTERED
    assert trouble("39999") is Trouble.OTHER
