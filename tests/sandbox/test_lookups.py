"""Lookups of a number: its validity, its operator, and its caller name."""

import pytest


@pytest.fixture
def look_up(client):
    def look_up(number, fields="line_type_intelligence,caller_name", **told):
        return client.lookups.v2.phone_numbers(number).fetch(fields=fields, **told)

    return look_up


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        ("+14155556101", "AT&T Wireless", "mobile"),
        ("+12125556102", "Verizon Wireless", "mobile"),
        ("+14155555111", "AT&T California - Pacific Bell", "landline"),
        ("+14155555113", "Comcast IP Phone, LLC", "fixedVoip"),
        ("+14155555121", "Google (Grand Central) - Bandwidth.com - SVR", "nonFixedVoip"),
        ("+14155556999", "Rehearsal Wireless", "mobile"),
        ("+14155552671", "Rehearsal Bell", None),
        ("+18885552671", "Rehearsal Bell", "tollFree"),
    ],
)
def test_a_lookup_names_the_operator_and_the_kind_of_line(look_up, number, name, kind):
    line = look_up(number).line_type_intelligence
    assert (line["carrier_name"], line["type"], line["error_code"]) == (name, kind, None)
    assert (line["mobile_network_code"] is not None) is (kind == "mobile")


def test_an_operator_nobody_knows_is_told_by_a_code(look_up):
    line = look_up("+14155555130").line_type_intelligence
    assert (line["carrier_name"], line["type"], line["error_code"]) == (None, None, 60600)


def test_the_name_that_is_shown_is_told_with_its_kind(look_up):
    assert look_up("+14155555111").caller_name == {
        "caller_name": "ALICES BAKERY",
        "caller_type": "BUSINESS",
        "error_code": None,
    }
    assert look_up("+14155552671").caller_name["caller_name"] is None


def test_only_what_was_asked_for_is_told(look_up):
    looked = look_up("+14155556101", fields="caller_name")
    assert looked.line_type_intelligence is None
    assert look_up("+14155556101", fields="").caller_name is None


def test_a_number_may_come_in_national_format(look_up):
    assert look_up("(415) 555-6101").phone_number == "+14155556101"
    swedish = look_up("08-123 456 78", country_code="SE")
    assert (swedish.phone_number, swedish.calling_country_code, swedish.country_code) == ("+46812345678", "46", "SE")


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("+1415", "TOO_SHORT"),
        ("+141555526711", "TOO_LONG"),
        ("+10005552671", "INVALID_BUT_POSSIBLE"),
        ("hello", "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_number_is_an_answer_that_says_why(look_up, number, error):
    looked = look_up(number)
    assert (looked.valid, looked.validation_errors, looked.line_type_intelligence) == (False, [error], None)
