"""Time zones of phone numbers."""

import pytest

from provisioning.time_zones import zones_of


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+17097221234", "America/St_Johns"),
        ("+18792341234", "America/St_Johns"),
        ("+19022341234", "America/Halifax"),
        ("+17752341234", "America/Los_Angeles"),
        ("+19862341234", "America/Boise"),
        ("+19072341234", "America/Anchorage"),
        ("+14155552671", "America/Los_Angeles"),
        ("+46701234567", "Europe/Stockholm"),
        ("+34612345678", "Europe/Madrid"),
        ("+351912345678", "Europe/Lisbon"),
        ("+61412345678", "Australia/Sydney"),
    ],
)
def test_a_number_has_the_zone_of_most_people_there(number, zone):
    assert zones_of(number)[0] == zone


@pytest.mark.parametrize("number", ["+17097221234", "+34612345678", "+19072341234"])
def test_one_zone_is_chosen_where_outlying_places_have_another(number):
    assert len(zones_of(number)) == 1


def test_toll_free_numbers_lie_in_many_zones_and_unknown_ones_in_none():
    assert len(zones_of("+18005551234")) > 1
    assert zones_of("+870773111632") == ()
