"""The judge by the second carrier's description has to find faults, or its silence would mean nothing."""

import pytest

from tests.provisioning import referee
from tests.sandbox.telnyx.conftest import TOLD

pytestmark = pytest.mark.skipif(not referee.is_telnyx_present(), reason="Telnyx's description is not there")


@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("GET", "/numbers", None, {}),
        ("GET", "/phone_numbers", None, {"filter[area_code]": "415"}),
        ("POST", "/messaging_profiles", {"name": "Alice"}, {}),
        ("POST", "/number_orders", {"phone_numbers": [], "area_code": "415"}, {}),
    ],
    ids=["unknown path", "unknown filter", "missing field", "unknown field"],
)
def test_a_request_that_is_not_described_is_a_foul(api, method, path, body, query):
    with pytest.raises(referee.Foul):
        api(method, path, body, **query)


def test_an_answer_that_is_not_described_is_a_foul(api, world):
    profile = {"name": "Alice", "whitelisted_destinations": ["US"], "webhook_url": TOLD}
    sid = api("POST", "/messaging_profiles", profile).json()["data"]["id"]
    world.state.services[sid].extras["enabled"] = "yes"
    with pytest.raises(referee.Foul):
        api("GET", f"/messaging_profiles/{sid}")
