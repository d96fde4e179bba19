"""The current operator of a number, as the carrier reports it."""

import pytest

from provisioning.contract.lookup import LineKind
from tests.provisioning.carrier_cases import LookupCases


class TestTwilioLookup(LookupCases):
    @pytest.fixture
    def lookup(self, carrier):
        return carrier.network.lookup

    @pytest.fixture
    def at_an_operator(self):
        return "+14155556102", "Verizon Wireless"

    @pytest.fixture
    def lines_of_kinds(self):
        return {
            LineKind.MOBILE: "+14155556102",
            LineKind.LANDLINE: "+14155555111",
            LineKind.INTERNET: "+14155555122",
            LineKind.OTHER: "+18005556102",
        }

    @pytest.fixture
    def at_nobody_known(self):
        return "+14155555130"
