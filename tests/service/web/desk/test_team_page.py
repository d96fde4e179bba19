"""The desk's page of its people: notes, shifts, the mail in the morning, and targets."""

import pytest

from service.brands import Platform


def names(page, of):
    return [" ".join(row.get_text(" ").split()) for row in page.select(f"[aria-labelledby={of}] li")]


@pytest.fixture
def page(operator):
    return operator.get("desk_team.show")


def test_a_note_is_left_for_the_next_shift_and_taken_over(operator, page):
    assert page.says("No open notes.")
    page = operator.submit(button="Leave a note", words="Call AT&T about <b>Alice</b>.")
    assert "Call AT&T about <b>Alice</b>." in names(page, "notes")[0]
    assert operator.submit(button="Take over").says("No open notes.")


def test_a_shift_is_set_and_shows_who_works_now(operator, page):
    assert "No shift" in names(page, "people")[0]
    page = operator.submit(button="Save", day_0="true", begins="00:00", ends="23:59")
    assert "Mon 00:00–23:59" in names(page, "people")[0]
    assert "Works now" in names(page, "people")[0]
    assert page.select_one("#morning_mail[checked]"), "the mail in the morning is on until it is switched off"
    assert not operator.submit(button="Save", morning_mail="false").select_one("#morning_mail[checked]")


def test_targets_are_set_for_what_comes_from_then_on(operator, page):
    assert page.select_one("#draft")["value"] == "2"
    page = operator.submit(draft="7")
    assert page.select_one("#draft")["value"] == "7"
    page = operator.submit(draft="0")
    assert page.select_one(".notice-bad").text.strip() == "Enter 1 to 60 business days."
    assert page.select_one("#draft")["value"] == "7"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"words": " "}, "Write the note first."),
        ({"begins": "nine", "ends": "17:00"}, "Enter a time like 09:00."),
        ({"begins": "09:00", "ends": "09:00"}, "Choose another end: the shift would have no time."),
    ],
)
def test_what_cannot_be_set_is_told_in_red(operator, page, typed, told):
    assert operator.submit(**typed).select_one(".notice-bad").text.strip() == told


def test_a_platform_has_targets_of_its_own(operator, bakery, services):
    with services.sessions.begin() as session:
        session.add(Platform(workspace_id=bakery.id, most=3))
    operator.get("desk_team.show", desk=bakery.id)
    assert operator.submit(draft="9").select_one("#draft")["value"] == "9"
    assert operator.get("desk_team.show").select_one("#draft")["value"] == "2"
    assert operator.get("queue.show").select_one("#platform option[value]:not([value=''])").text == "Alice's Bakery"


def test_customers_do_not_see_it(alice):
    alice.get("desk_team.show", status=404)
