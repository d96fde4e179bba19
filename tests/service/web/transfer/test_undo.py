"""An answer can be taken back for some seconds."""

from dataclasses import replace

import pytest

from service.lines.inventory import numbers_of
from tests.factories import CALLER


@pytest.fixture
def settings(settings):
    return replace(settings, undo_seconds=30)


def test_an_answer_that_is_taken_back_never_leaves_and_stands_in_the_field_again(alice, line, services, world, work):
    with services.sessions.begin() as session:
        number = numbers_of(session, line.id)[0].number
    world.text(CALLER, number, "Are you open?")
    work()
    alice.open(alice.get("inbox.show").select_one(".conversation-list a")["href"])
    alice.submit(text="Unitl six.")
    work()
    assert world.phone(CALLER).texts == []
    page = alice.submit(button="Undo")
    assert page.kept("text").strip() == "Unitl six."
    assert not page.select(".bubble-out")
    work()
    assert world.phone(CALLER).texts == []
