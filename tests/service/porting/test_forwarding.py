"""Having calls forwarded at the old operator."""

import pytest

from provisioning.contract.porting import NumberKind
from service.porting.forwarding import steps
from service.porting.operators import operator_called

HERE = "+14155552671"


def said(country, kind, operator=""):
    return [str(step) for step in steps(country, kind, operator_called(operator, country).forwarding, HERE)]


@pytest.mark.parametrize("country", ["US", "CA", "PR"])
def test_a_north_american_landline_dials_star_72(country):
    (step,) = said(country, NumberKind.LOCAL)
    assert "*72 14155552671" in step
    assert "*73" in step


@pytest.mark.parametrize("kind", NumberKind)
def test_no_swede_is_told_to_dial_star_72(kind):
    assert not any("*72" in step for step in said("SE", kind))


def test_a_swedish_number_is_forwarded_by_the_codes_of_its_kind_to_a_number_abroad():
    assert "*21*0014155552671#" in said("SE", NumberKind.LOCAL)[0]
    assert "**21*0014155552671#" in said("SE", NumberKind.MOBILE)[0]
    assert len(said("SE", NumberKind.UNKNOWN)) == len({"landline", "mobile"})


def test_an_operators_own_way_goes_before_the_customs_of_its_country():
    assert "*72 1415" in said("US", NumberKind.MOBILE, "Verizon Wireless")[0]
    assert "**21*1415" in said("US", NumberKind.MOBILE, "AT&T Wireless")[0]
    assert said("US", NumberKind.LOCAL, "Google (Grand Central) - Bandwidth.com - SVR") == [
        "In Google Voice, open Settings, then Linked numbers, and add (415) 555-2671."
    ]


def test_a_toll_free_number_is_pointed_elsewhere_by_who_manages_it():
    assert said("US", NumberKind.TOLL_FREE) == ["Ask the company that manages it to send its calls to (415) 555-2671."]


def test_where_the_customs_are_not_known_the_operator_is_asked():
    assert said("DE", NumberKind.LOCAL) == [
        "Your provider sets this up: ask them to forward all calls to (415) 555-2671."
    ]
