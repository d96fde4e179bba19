"""What `flask set-up-carrier` does besides what the doctor then finds in order."""

from provisioning.carriers import twilio
from tests.conftest import CARRIER_SETTINGS


def test_a_key_for_browsers_is_made_and_printed_as_settings(app, services, to_carrier):
    made = app.test_cli_runner().invoke(args=["set-up-carrier", "--make-browser-key"])
    lines = dict(line.split("=", 1) for line in made.output.splitlines() if "=" in line)
    assert set(lines) == {"TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"}
    twilio.build({**CARRIER_SETTINGS, **lines}, to_carrier).network.browser_phones.check()


def test_without_being_asked_for_no_key_is_made(app, world):
    before = set(world.state.keys)
    said = app.test_cli_runner().invoke(args=["set-up-carrier"]).output
    assert "SECRET" not in said
    assert set(world.state.keys) == before
