"""The phones of a line: rows that are added, edited, ordered, and removed with undo."""

import pytest

from service.calls.changing import keep
from service.calls.nodes import MESSAGE, RING, RingPhones, Voicemail
from service.calls.queries import plan_of
from service.lines.inventory import numbers_of
from service.lines.models import Line, Phone
from tests.factories import CALLER


@pytest.fixture
def phones(services):
    """The phones as they are stored, in their order: number, name, and whether they are a member's."""

    def read():
        with services.sessions() as session:
            rows = session.query(Phone).order_by(Phone.position, Phone.id)
            return [(phone.number, phone.name, phone.user_id is not None) for phone in rows]

    return read


@pytest.fixture
def add(alice, line):
    def add(number, *, status=200, **more):
        alice.get("phones.ask", line_id=line.id)
        return alice.submit(number=number, status=status, **more)

    return add


def rows(page):
    return [" ".join(row.select_one(".grow").text.split()) for row in page.select("#phones .rows > li")]


def teammate(page, name):
    return next(option["value"] for option in page.select("[name=teammate] option") if option.text == name)


def test_a_line_without_phones_says_so_and_leads_to_the_first_one(alice, line):
    page = alice.get("line.show", line_id=line.id)
    assert page.says("No phones ring yet. Callers can leave a voicemail.")
    assert alice.open(page.select_one("#phones a.btn")["href"]).heading() == "Add a phone"


def test_a_phone_is_added_in_any_spelling_with_a_name_or_without(add, phones):
    add("415 555 2671", name="Front desk")
    page = add("(415) 555-2672 x12")
    assert phones() == [("+14155552671", "Front desk", False), ("+14155552672;ext=12", "", False)]
    assert rows(page) == [
        "Front desk (415) 555‑2671 · Shared phone",
        "(415) 555‑2672 ext. 12 Shared phone",
    ]


def test_a_teammates_phone_has_their_name_and_rings_while_they_are_on_duty(alice, bob, line, phones):
    page = alice.get("phones.ask", line_id=line.id)
    alice.submit(number="415 555 2671", teammate=teammate(page, "Bob"))
    assert phones() == [("+14155552671", "Bob", True)]
    assert rows(alice.page)[0].endswith("On duty")
    bob.get("team.show")
    bob.submit(button="Go off duty")
    page = alice.get("line.show", line_id=line.id)
    assert rows(page)[0].endswith("Off duty: does not ring now")
    assert page.says("No phones ring, so the call goes on")


def test_a_shared_phone_with_the_name_of_a_member_stays_shared(add, bob, phones):
    add("415 555 2671", name="Bob")
    assert phones() == [("+14155552671", "Bob", False)]


def test_a_phone_is_edited(alice, line, add, phones):
    add("415 555 2671", name="Front desk")
    page = alice.open(alice.page.select_one("#phones .rows a")["href"])
    assert (page.kept("number"), page.kept("name")) == ("(415) 555-2671", "Front desk")
    alice.submit(number="415 555 2672", name="Kitchen")
    assert phones() == [("+14155552672", "Kitchen", False)]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter the number of the phone."),
        ("212-5551", "That’s not a complete phone number."),
        ("415 555 2671, 415 555 2672", "That’s more than one"),
        ("900 555 0123", "You can’t call or text premium-rate"),
        ("415 555 2679", "This phone rings on this line already."),
    ],
)
def test_a_number_that_cannot_ring_is_refused_beside_its_field_and_nothing_is_kept(add, phones, typed, says):
    add("415 555 2679")
    page = add(typed, status=422)
    assert page.wrong()["number"].startswith(says)
    assert len(phones()) == 1


@pytest.mark.parametrize("held", ["+14155552000", "+5491123456789"])
def test_a_line_cannot_ring_a_number_that_is_here_in_any_spelling(add, services, line, held):
    with services.sessions.begin() as session:
        numbers_of(session, line.id)[0].number = held
    page = add(held.replace("+549", "+54 "), status=422)
    assert page.wrong()["number"].endswith("calls would go round in circles.")


def test_a_teammate_of_another_business_is_refused(add, charlie, services, phones):
    charlie.get("home.show")
    add("415 555 2671", teammate="999", status=422)
    assert phones() == []


def test_phones_are_put_in_another_order_by_buttons(alice, add, phones):
    for last in (1, 2, 3):
        add(f"415 555 267{last}", name=f"Phone {last}")
    alice.submit(button="Move Phone 3 up")
    alice.submit(button="Move Phone 1 down")
    assert [name for _, name, _ in phones()] == ["Phone 3", "Phone 1", "Phone 2"]
    assert alice.page.select("#phones .rows > li:first-child button[disabled]")


def test_a_removed_phone_comes_back_to_its_place_and_its_step_by_undo(alice, add, phones, services, line):
    for last in (1, 2, 3):
        add(f"415 555 267{last}", name=f"Phone {last}")
    with services.sessions.begin() as session:
        own_line = session.get_one(Line, line.id)
        second = own_line.phones[1].id
        nodes = {RING: RingPhones(MESSAGE, phones=(second,)), MESSAGE: Voicemail()}
        plan = plan_of(session, line.id)
        keep(session, own_line, type(plan)(nodes, RING, RING))
    before = phones()
    alice.get("line.show", line_id=line.id)
    page = alice.submit(button="Remove Phone 2")
    assert page.says("Phone 2 was removed.")
    assert [name for _, name, _ in phones()] == ["Phone 1", "Phone 3"]
    page = alice.submit(button="Undo")
    assert phones() == before
    assert not page.says("was removed")
    with services.sessions() as session:
        again = session.query(Phone).filter_by(name="Phone 2").one().id
        assert plan_of(session, line.id).nodes[RING].phones == (again,)


def test_what_was_removed_cannot_be_brought_back_twice_or_by_others(alice, add, line, phones):
    add("415 555 2671", name="Front desk")
    alice.submit(button="Remove Front desk")
    undo = alice.page.select_one("form[action$=undo]")
    token = undo.select_one("[name=csrf_token]")["value"]
    answers = [alice.client.post(undo["action"], data={"csrf_token": token}).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert len(phones()) == 1


def test_a_member_sees_the_phones_and_changes_none(bob, add, line):
    add("415 555 2671", name="Front desk")
    page = bob.get("line.show", line_id=line.id)
    assert rows(page)
    assert not page.select("#phones a, #phones button")
    bob.get("phones.ask", line_id=line.id, status=403)


def test_a_phone_of_another_line_is_not_found(alice, line, services):
    with services.sessions.begin() as session:
        other = Line(workspace_id=line.workspace_id, name="Shop")
        other.phones.append(Phone(number=CALLER))
        session.add(other)
        session.flush()
        phone = other.phones[0].id
    alice.get("phones.show", line_id=line.id, phone_id=phone, status=404)
