"""Answers as a country writes them."""

import pytest

from service.porting.national_forms import (
    canadian_postal_code,
    no_box,
    province,
    state,
    state_or_province,
    subscriber_id,
    swedish_postal_code,
    zip_code,
    zip_or_postal_code,
)


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (zip_code, "94105", "94105"),
        (zip_code, "94105-1234", "94105-1234"),
        (zip_code, "94105 1234", "94105-1234"),
        (canadian_postal_code, "v6b1a1", "V6B 1A1"),
        (canadian_postal_code, "V6B-1A1", "V6B 1A1"),
        (swedish_postal_code, "35230", "352 30"),
        (swedish_postal_code, "SE-352 30", "352 30"),
        (zip_or_postal_code, "m5v 2t6", "M5V 2T6"),
        (zip_or_postal_code, "00901", "00901"),
        (state, "ca", "CA"),
        (state, "North Carolina", "NC"),
        (state, "D.C.", "DC"),
        (state, "Puerto Rico", "PR"),
        (province, "Québec", "QC"),
        (province, "quebec", "QC"),
        (province, "Île-du-Prince-Édouard", "PE"),
        (province, "on", "ON"),
        (state_or_province, "Ontario", "ON"),
        (state_or_province, "Alaska", "AK"),
        (no_box, "1055 West Georgia Street", "1055 West Georgia Street"),
        (no_box, "12 Boxwood Lane", "12 Boxwood Lane"),
        (subscriber_id, "556036-0793", "5560360793"),
        (subscriber_id, "16556036-0793", "165560360793"),
        (subscriber_id, "19811218-9876", "198112189876"),
        (subscriber_id, "811218-9876", "8112189876"),
    ],
)
def test_each_is_kept_in_its_one_spelling(read, typed, kept):
    assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (zip_code, "9410"),
        (zip_code, "V6B 1A1"),
        (canadian_postal_code, "94105"),
        (canadian_postal_code, "D6B 1A1"),
        (canadian_postal_code, "V6B 1A"),
        (swedish_postal_code, "352 3"),
        (swedish_postal_code, "94105-1234"),
        (zip_or_postal_code, "352 30 Växjö"),
        (state, "BC"),
        (state, "Sweden"),
        (province, "CA"),
        (state_or_province, "XX"),
        (no_box, "P.O. Box 12"),
        (no_box, "PO Box 12, Vancouver"),
        (no_box, "C.P. 123"),
        (no_box, "Case postale 9"),
        (subscriber_id, "556036-0794"),
        (subscriber_id, "556036"),
        (subscriber_id, "abcdefghij"),
    ],
)
def test_what_is_none_is_refused_with_a_sentence(read, typed):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        read(typed)
