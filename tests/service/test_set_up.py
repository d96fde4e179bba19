"""What `flask set-up-carrier` does besides what the doctor then finds in order."""

from dataclasses import replace

import pytest

from provisioning.carriers import twilio
from tests.conftest import CARRIER_SETTINGS, PLATFORM_NUMBER
from tests.lesser_carrier import without


def test_a_key_for_browsers_is_made_and_printed_as_settings(app, services, to_carrier):
    made = app.test_cli_runner().invoke(args=["set-up-carrier", "--make-browser-key"])
    lines = dict(line.split("=", 1) for line in made.output.splitlines() if "=" in line)
    assert set(lines) == {"TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"}
    twilio.build({**CARRIER_SETTINGS, **lines}, to_carrier).network.browser_phones.check()


def test_a_carrier_without_phones_in_browsers_makes_no_key_and_says_so(shared, services, to_us, world):
    lesser = replace(services, carriers=without(services.carriers, "browser_phones"))
    made = shared.app_around(lesser).test_cli_runner().invoke(args=["set-up-carrier", "--make-browser-key"])
    assert made.exit_code == 1
    assert "Error: twilio has no phones in browsers, so it makes no key for them." in made.output


def test_without_being_asked_for_no_key_is_made(app, world):
    before = set(world.state.keys)
    said = app.test_cli_runner().invoke(args=["set-up-carrier"]).output
    assert "SECRET" not in said
    assert set(world.state.keys) == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "PLATFORM_NUMBER is not set: what we have to say to people goes by mail alone."),
        (PLATFORM_NUMBER, "The account does not have PLATFORM_NUMBER: no text of our own leaves."),
    ],
)
def test_a_platform_number_that_is_not_there_is_told(shared, services, to_us, world, number, said):
    without = replace(services, settings=replace(services.settings, platform_number=number))
    output = shared.app_around(without).test_cli_runner().invoke(args=["set-up-carrier"]).output
    assert said in output


def test_a_platform_number_that_was_bought_is_told(app, world):
    output = app.test_cli_runner().invoke(args=["set-up-carrier", "--buy-platform-number"]).output
    assert "Texts to PLATFORM_NUMBER come here" in output
