"""Which numbers go in one order."""

from provisioning.contract.porting import NumberKind
from service.porting.groups import Kin, grouped

AMERICAN = Kin("api", "US", NumberKind.LOCAL)
LARGEST = {"api": 2, "desk": 1000}


def test_numbers_with_the_same_rules_go_together_in_the_order_given():
    assert grouped([(AMERICAN, 1), (AMERICAN, 2)], LARGEST) == [[1, 2]]


def test_carrier_country_kind_and_order_each_part_them():
    others = [
        Kin("desk", "US", NumberKind.LOCAL),
        Kin("api", "CA", NumberKind.LOCAL),
        Kin("api", "US", NumberKind.MOBILE),
        Kin("api", "US", NumberKind.LOCAL, order_id=7),
    ]
    assert grouped([(kin, kin) for kin in [AMERICAN, *others]], LARGEST) == [[AMERICAN], *([kin] for kin in others)]


def test_no_order_is_larger_than_its_carrier_takes():
    assert grouped([(AMERICAN, position) for position in range(5)], LARGEST) == [[0, 1], [2, 3], [4]]


def test_no_number_is_no_order():
    assert grouped([], LARGEST) == []
