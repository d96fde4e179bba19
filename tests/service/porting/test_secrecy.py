"""What counts as a secret of a transfer in a text about it."""

import pytest

from service.errors import Invalid
from service.porting.models import PortNumber, PortProject
from service.porting.secrecy import must_hold_no_secret, without_secrets

OWN = "+14155552009"


def a_project(**secrets):
    return PortProject(numbers=[PortNumber(number=OWN)], **secrets)


@pytest.mark.parametrize(
    ("secrets", "text"),
    [
        ({"pin": "2026"}, "Filed: 2026-03-04"),
        ({"account_number": "2026"}, "Wanted for 2026-03-04, again 03-04-2026."),
        ({"account_number": "4155552009"}, "Please look at (415) 555-2009."),
        ({"account_number": "14155552009"}, "Please look at +14155552009."),
        ({"account_number": "555-2009"}, "Please look at (415) 555-2009."),
        ({"pin": "2009"}, "Please look at 415-555-2009."),
    ],
)
def test_dates_and_the_numbers_that_move_are_no_secrets(secrets, text):
    must_hold_no_secret(a_project(**secrets), "comment", text)
    assert without_secrets(a_project(**secrets), text) == text


@pytest.mark.parametrize(
    ("secrets", "text", "clean"),
    [
        ({"pin": "2026"}, "PIN 2026 is wrong since 2026-03-04", "PIN … is wrong since 2026-03-04"),
        ({"pin": "2009"}, "PIN 2009.", "PIN …."),
        ({"account_number": "AB-12"}, "Account ab 12, please", "Account …, please"),
    ],
)
def test_a_secret_is_found_however_it_is_spaced(secrets, text, clean):
    assert without_secrets(a_project(**secrets), text) == clean
    with pytest.raises(Invalid):
        must_hold_no_secret(a_project(**secrets), "comment", text)
