import pytest

from provisioning.withheld_numbers import caller


@pytest.mark.parametrize("told", ["+266696687", "266696687", "Anonymous", "+7378742833", "RESTRICTED", "unknown", ""])
def test_who_hides_their_number_has_none(told):
    assert caller(told) == ""


@pytest.mark.parametrize(
    "told",
    [
        "anonymous@anonymous.invalid",
        "sip:anonymous@anonymous.invalid",
        "<sip:Anonymous@10.0.0.1>",
        "Withheld",
        "Anonymous Caller",
        "Private Number",
        "No Caller ID",
        "Out of area",
        "sip:+266696687@carrier.example",
    ],
)
def test_who_hides_their_number_in_other_words_has_none(told):
    assert caller(told) == ""


@pytest.mark.parametrize("told", ["+14155552671", "72345", "Unknown Pleasures", "sip:anna@example.com", "Private Bank"])
def test_who_shows_a_number_or_a_name_is_known_by_it(told):
    assert caller(told) == told


@pytest.mark.parametrize("told", ["+14155550123", "72345", "client:alice"])
def test_who_shows_a_number_or_a_name_is_told_as_they_are(told):
    assert caller(told) == told
