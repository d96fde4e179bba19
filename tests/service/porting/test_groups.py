"""Which numbers are filed in one order."""

from provisioning.contract.porting import NumberKind
from service.porting.groups import OrderKey, grouped

AMERICAN = OrderKey("api", "US", NumberKind.LOCAL)
LARGEST = {"api": 2, "desk": 1000}


def test_numbers_with_the_same_rules_go_together_in_the_order_given():
    assert grouped([(AMERICAN, 1), (AMERICAN, 2)], LARGEST) == [[1, 2]]


def test_carrier_country_kind_and_order_each_part_them():
    others = [
        OrderKey("desk", "US", NumberKind.LOCAL),
        OrderKey("api", "CA", NumberKind.LOCAL),
        OrderKey("api", "US", NumberKind.MOBILE),
        OrderKey("api", "US", NumberKind.LOCAL, order_id=7),
    ]
    assert grouped([(kin, kin) for kin in [AMERICAN, *others]], LARGEST) == [[AMERICAN], *([kin] for kin in others)]


def test_no_order_is_larger_than_its_carrier_takes():
    assert grouped([(AMERICAN, position) for position in range(5)], LARGEST) == [[0, 1], [2, 3], [4]]


def test_no_number_is_no_order():
    assert grouped([], LARGEST) == []
