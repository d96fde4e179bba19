"""Numbers in all the spellings that people and carriers use: read right, or refused with the reason."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, format_number, national_significant_number, parse

from service.phone_numbers import (
    NotANumber,
    Refusal,
    Written,
    is_dialable,
    known_as,
    read,
    read_alone,
    shortest_spelling,
    spellings,
)

OURS = "+14155552671"
SWEDISH = "+46701234567"


@pytest.mark.parametrize(
    "typed",
    [
        "4155552671",
        "1-415-555-2671",
        "+1 415 555 2671",
        "(415)\xa0555‑2671",
        "415–555–2671",
        "415/555/2671",
        "415.555.2671",
        "[415] 555 2671",
        "\u2066+1 (415) 555-2671\u2069",
        "\u200e+14155552671\u202c",
        "415\u2009555\u20092671",
        "tel:+1-415-555-2671",
        "Tel: 415 555 2671",
        "４１５５５５２６７１",
        "٤١٥٥٥٥٢٦٧١",
    ],
)
def test_a_number_is_read_in_any_spelling(typed):
    assert read(typed) == Written(OURS)


@pytest.mark.parametrize(
    "typed", ["+46 70-123 45 67", "+46 (0)70-123 45 67", "(+46) 70 123 45 67", "011 46 70 123 45 67"]
)
def test_a_number_from_abroad_is_read_with_its_country_code(typed):
    assert read(typed) == Written(SWEDISH)


def test_a_number_without_country_code_is_one_of_the_country_asked_for():
    assert read("070-123 45 67", "SE") == read("0046701234567", "SE") == Written(SWEDISH)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("4155552000, 4155552003; 4155552004", Refusal.SEVERAL),
        ("4155552000 4155552003", Refusal.SEVERAL),
        ("4155552000 or 4155552003", Refusal.SEVERAL),
        ("+14155552000/+14155552003", Refusal.SEVERAL),
        ("212-5551 Fax", Refusal.LETTERS),
        ("+49 30 901820 Bob", Refusal.LETTERS),
        ("4155552671 Alice", Refusal.LETTERS),
        ("4.15555E+09", Refusal.LETTERS),
        ("1-800-MICROSOFT", Refusal.LETTERS),
        ("+800 1234 5678", Refusal.NO_COUNTRY),
        ("+882 16 1234567", Refusal.NO_COUNTRY),
        ("+883 5100 12345678", Refusal.NO_COUNTRY),
        ("+870 773 111 632", Refusal.NO_COUNTRY),
        ("+979 123 456 789", Refusal.NO_COUNTRY),
        ("070-123 45 67", Refusal.FROM_ABROAD),
        ("0046 70 123 45 67", Refusal.FROM_ABROAD),
        ("46701234567", Refusal.FROM_ABROAD),
        ("+999 123 45678", Refusal.UNKNOWN_COUNTRY),
        ("72345", Refusal.SHORT_CODE),
        ("911", Refusal.SHORT_CODE),
        ("112", Refusal.SHORT_CODE),
        ("+72345", Refusal.INCOMPLETE),
        ("555-2671", Refusal.INCOMPLETE),
        ("415-555-2000/03", Refusal.INCOMPLETE),
        ("²¹²5552671", Refusal.INCOMPLETE),
        ("Kitchen", Refusal.INCOMPLETE),
        ("+", Refusal.INCOMPLETE),
        ("", Refusal.INCOMPLETE),
    ],
)
def test_what_is_not_one_number_is_refused_with_the_reason(typed, why):
    with pytest.raises(NotANumber) as refused:
        read(typed)
    assert refused.value.refusal is why


def test_a_number_from_abroad_is_told_to_begin_with_its_countrys_code():
    assert "+46" in NotANumber(Refusal.FROM_ABROAD).sentence


@pytest.mark.parametrize("typed", ["1-800-FLOWERS", "(800) FLOWERS", "1 800 flowers", "800-FLOW-ERS"])
def test_a_number_written_with_letters_is_shown_in_digits_first(typed):
    with pytest.raises(NotANumber) as refused:
        read(typed)
    assert refused.value.refusal is Refusal.BY_LETTERS
    assert read(refused.value.sentence.instead) == Written("+18003569377")


@pytest.mark.parametrize(
    "typed",
    [
        "415-555-2671 x12",
        "415-555-2671x12",
        "415-555-2671 ext. 12",
        "415-555-2671 Extension: 12",
        "+1 415 555 2671;ext=12",
        "4155552671,,12#",
        "4155552671 #12",
        "415 555 2671 poste 12",
        "415 555 2671, anknytning 12",
        "415 555 2671 extensión 12",
    ],
)
def test_an_extension_is_never_dropped(typed):
    assert read(typed) == Written(OURS, "12")
    assert read(typed).dialed == "+14155552671;ext=12"
    with pytest.raises(NotANumber) as refused:
        read_alone(typed)
    assert refused.value.refusal is Refusal.EXTENSION


@pytest.mark.parametrize(
    "told", ["14155552671", "+1 (415) 555-2671", "sip:+14155552671@host;user=phone", "tel:+14155552671", "4155552671"]
)
def test_a_carriers_spelling_is_known_as_the_number(told):
    assert known_as(told, "US") == OURS


@given(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True), st.sampled_from(["US", "SE", "MX"]))
def test_a_north_american_number_is_known_as_the_library_reads_it(number, country):
    assert known_as(number, country) == format_number(parse(number, country), PhoneNumberFormat.E164)


def test_a_carriers_number_without_its_plus_is_known_abroad_too():
    assert known_as("46701234567", "US") == known_as("0046701234567", "US") == SWEDISH


@pytest.mark.parametrize("country", ["US", "SE", "AT", "DE"])
@pytest.mark.parametrize("code", ["72345", "726222", "911", "71234"])
def test_a_short_code_is_a_number_of_no_country(code, country):
    assert known_as(code, country) == code
    assert not is_dialable(known_as(code, country))


@pytest.mark.parametrize("told", ["+5215512345678", "+525512345678", "+52 1 55 1234 5678"])
def test_a_mexican_mobile_is_one_number(told):
    assert known_as(told, "US") == "+525512345678"
    assert read(told) == Written("+525512345678")


def test_an_argentine_mobile_has_two_spellings_and_stays_as_it_is_dialed():
    with_9, without = "+5491123456789", "+541123456789"
    assert set(spellings(with_9)) == set(spellings(without)) == {with_9, without}
    assert shortest_spelling(with_9) == shortest_spelling(without) == without
    assert known_as(with_9, "US") == with_9
    assert spellings(OURS) == (OURS,)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_refused(typed):
    for reader in (read, read_alone):
        with suppress(NotANumber):
            assert reader(typed)


@given(st.text(alphabet="+0123456789 ()-./,;x#abcWÅ\u00b2\u2066\n", max_size=40))
def test_a_number_that_was_read_has_all_the_digits_that_were_typed_and_no_others(typed):
    try:
        written = read(typed)
    except NotANumber:
        return
    typed_digits = "".join(filter(str.isdecimal, typed))
    assert typed_digits.endswith(national_significant_number(parse(written.number)) + written.extension)
