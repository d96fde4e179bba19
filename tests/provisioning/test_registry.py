"""What carriers are given when they are built."""

from provisioning.contract.callbacks import Subject
from service.callback_marks import is_marked
from service.wiring import addresses_with
from tests.conftest import PORTLINE


def test_the_addresses_that_a_carrier_is_given_are_its_own_and_marked(settings):
    address, _, query = addresses_with(settings)("telnyx", Subject.PORTING).partition("?")
    assert address == f"{PORTLINE}/webhooks/telnyx/porting"
    assert is_marked("telnyx/porting", query, settings.secret_keys)
