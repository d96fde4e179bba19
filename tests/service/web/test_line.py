"""How a line answers."""

import pytest

from service.calls.nodes import Greeting, RingPhones, Voicemail
from service.calls.queries import answering_on


@pytest.fixture
def settings_of(services, line):
    def read():
        with services.sessions.begin() as session:
            return answering_on(session.connection(), line.id)

    return read


@pytest.fixture
def at_settings(alice):
    alice.get("line.first")
    return alice


def test_the_first_settings_are_shown_with_the_usual_greeting(at_settings):
    assert at_settings.page.kept("ring_seconds") == "20"
    assert at_settings.page.says("You have reached Alice's Bakery.")


def test_changed_settings_are_kept_and_shown(at_settings, settings_of):
    page = at_settings.submit(
        phones="415 555 2671\r\n\r\n(415) 555-2672\r\n+14155552671",
        ring_seconds="35",
        in_turn="true",
        greeting="Hello!",
    )
    assert page.says("Saved. The next call is answered this way.")
    kept = settings_of()
    assert [phone.number for phone in kept.phones] == ["+14155552671", "+14155552672"]
    assert kept.plan.nodes["ring"] == RingPhones("message", seconds=35, in_turn=True)
    assert kept.plan.nodes["message"] == Voicemail(Greeting("Hello!"))
    assert page.kept("phones").strip() == "(415) 555-2671\n(415) 555-2672"


def test_phones_are_put_in_another_order_and_taken_away(at_settings, settings_of):
    at_settings.submit(phones="4155552671\n4155552672\n4155552673")
    at_settings.submit(phones="4155552673\n4155552671")
    assert [phone.number for phone in settings_of().phones] == ["+14155552673", "+14155552671"]
    at_settings.submit(phones="")
    assert settings_of().phones == ()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("phones", "4155552671\n12"),
        ("ring_seconds", "4"),
        ("ring_seconds", "61"),
        ("ring_seconds", "soon"),
        ("greeting", "x" * 501),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(at_settings, settings_of, field, typed):
    before = settings_of()
    page = at_settings.submit(**{"greeting": "New", field: typed}, status=422)
    assert set(page.wrong()) == {field}
    assert settings_of() == before


def test_a_line_cannot_ring_a_number_that_is_here(at_settings, services, line):
    from service.lines.inventory import numbers_of

    with services.sessions.begin() as session:
        own = numbers_of(session, line.id)[0].number
    page = at_settings.submit(phones=own, status=422)
    assert page.wrong()["phones"].endswith("calls would go round in circles.")
