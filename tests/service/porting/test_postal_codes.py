"""Postal codes on a bill."""

import pytest

from service.porting.postal_codes import has_postal_code, postal_code_instead


@pytest.mark.parametrize(
    ("bill", "code"),
    [
        ("114 55 STOCKHOLM", "11455"),
        ("11455 Stockholm", "114 55"),
        ("SE-114 55 Stockholm", "114 55"),
        ("Storgatan 1 114 55 Stockholm", "114 55"),
        ("114\N{NO-BREAK SPACE}55 Stockholm", "11455"),
        ("Montréal QC H2X 1Y4", "h2x1y4"),
        ("H2X1Y4", "H2X 1Y4"),
        ("SAN FRANCISCO, CA 94105-1234", "94105"),
        ("SAN FRANCISCO, CA 94105", "94105-1234"),
        ("SAN FRANCISCO CA 94105 1000200030", "94105"),
        ("94105", "94105"),
    ],
)
def test_a_postal_code_is_found_with_or_without_its_blank(bill, code):
    assert has_postal_code(bill, code)


@pytest.mark.parametrize(
    ("bill", "code"),
    [
        ("Montréal QC H2X 1Z9", "H2X 1Y4"),
        ("114 56 Stockholm", "114 55"),
        ("Kundnummer 114 55 201", "114 55"),
        ("08-114 55 22", "114 55"),
        ("Account 8894105", "94105"),
        ("Account 94105-22", "94105"),
        ("Account 1000 94105 30", "94105"),
        ("SAN FRANCISCO, CA 94105-9999", "94105-1234"),
        ("SAN FRANCISCO, CA 94106", "94105-1234"),
    ],
)
def test_another_code_or_a_part_of_a_longer_number_is_none(bill, code):
    assert not has_postal_code(bill, code)


@pytest.mark.parametrize(
    ("bill", "country", "city", "code"),
    [
        ("Albany NY 12212-5062\nLINCOLN NE 68508", "US", "Lincoln", "68508"),
        ("LINCOLN NE 68508", "US", "Omaha", "68508"),
        ("Lévis QC  G6V 4Z5", "CA", "Levis", "G6V 4Z5"),
        ("Kund 551 20 77\n456 51 Smögen", "SE", "Smögen", "456 51"),
        ("no code at all", "SE", "Smögen", ""),
        ("28013 Madrid", "ES", "Madrid", ""),
    ],
)
def test_in_its_place_the_code_beside_the_city_is_shown(bill, country, city, code):
    assert postal_code_instead(bill, country, city) == code
