"""The current operator of a number, as the carrier reports it."""

import pytest

from tests.provisioning.carrier_cases import LookupCases


class TestTwilioLookup(LookupCases):
    @pytest.fixture
    def lookup(self, carrier):
        return carrier.network.lookup

    @pytest.fixture
    def at_an_operator(self):
        return "+14155556102", "Verizon Wireless"

    @pytest.fixture
    def at_nobody_known(self):
        return "+14155555130"
