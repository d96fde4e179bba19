"""The numbers of a business: what is here, getting further ones, naming, moving and releasing them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import Workspace
from service.lines.choosing import TURNOVER
from service.lines.inventory import lines_of, numbers_of
from service.lines.leaving import let_go
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.schedule.prune import release_numbers


def rows(page):
    """Each line's heading with the numbers below it, their tags and what is said of them."""
    panels = [heading.find_parent("section") for heading in page.select("[id^=line-]")]
    return {panel.h2.text: [plain(row) for row in panel.select(".number-row")] for panel in panels}


def plain(tag):
    return " ".join(tag.get_text(" ").replace("\u2011", "-").split())


def offered(page):
    return [plain(link) for link in page.select("a.number-row-number")]


@pytest.fixture
def search(alice, work):
    """Search numbers and see what was found."""

    def search(**typed):
        alice.get("searches.ask")
        alice.submit(**typed)
        path = alice.path
        assert alice.page.says("Looking for numbers.")
        work()
        return alice.open(path)

    return search


@pytest.fixture
def get_another(alice, search, work):
    """Get the first number found, on a line of its own unless one is named."""

    def get(name="Flyers", line="", **typed):
        page = search(**(typed or {"area": "212"}))
        alice.open(page.select_one("a.number-row-number")["href"])
        alice.submit(line=line, name=name)
        work()
        return alice.get("numbers.listing")

    return get


@pytest.fixture
def held(services, bakery):
    """The numbers of the bakery, line by line."""

    def read():
        with services.sessions() as session:
            return {line.name: numbers_of(session, line.id) for line in lines_of(session, bakery.id)}

    return read


@pytest.fixture
def set_to(app, monkeypatch):
    """An operator sets something."""

    def change(**settings):
        services = app.extensions["services"]
        monkeypatch.setitem(
            app.extensions, "services", replace(services, settings=replace(services.settings, **settings))
        )

    return change


def test_the_first_number_stands_on_its_line_with_what_it_is(alice, line):
    [number] = rows(alice.get("numbers.listing"))["Alice's Bakery"]
    assert number.startswith("(415) ")
    assert "Temporary Local number · calls and texts" in number


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ({"area": "212"}, "(212) "),
        ({"town": "Seattle"}, "(206) "),
        ({"contains": "462-7"}, "(202) 462-7"),
        ({"contains": "gmap"}, "(202) 462-7"),
        ({"kind": "toll_free"}, "(888) "),
        ({"area": "833", "kind": "local"}, "(833) "),
        ({"country": "CA", "area": "604"}, "(604) "),
        ({"country": "CA", "town": "Montreal"}, "(514) "),
    ],
    ids=[
        "area code",
        "town",
        "digits",
        "word",
        "toll-free",
        "a toll-free code is never local",
        "Canada",
        "a town in Canada",
    ],
)
def test_numbers_are_found_by_area_town_digits_word_and_kind(search, typed, first):
    assert offered(search(**typed))[0].startswith(first)


@pytest.mark.parametrize("typed", [{"country": "CA", "area": "212"}, {"area": "533"}, {"town": "Nowhere"}], ids=str)
def test_what_is_not_for_sale_is_said_so(search, typed):
    page = search(**typed)
    assert offered(page) == []
    assert page.says("No matching numbers.")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("area", "12"), ("area", "abc"), ("contains", "1"), ("contains", "a*b"), ("contains", "x" * 11)],
)
def test_a_search_that_cannot_be_is_refused_beside_its_field(alice, field, typed):
    alice.get("searches.ask")
    assert set(alice.submit(**{field: typed}, status=422).wrong()) == {field}


def test_a_number_is_bought_for_a_line_of_its_own(get_another, held):
    page = get_another("Flyers")
    assert rows(page)["Flyers"][0].startswith("(212) ")
    assert "Yours to keep" in rows(page)["Flyers"][0]
    [bought] = held()["Flyers"]
    assert (bought.standing, bought.role) == (Standing.HELD, NumberRole.ADDITIONAL)


def test_a_toll_free_number_takes_texts_and_sends_none(get_another):
    page = get_another("Orders", kind="toll_free")
    assert "Toll-free number · calls and incoming texts" in rows(page)["Orders"][0]


def test_a_number_is_bought_for_a_line_there_is_and_the_line_still_shows_its_first(get_another, held, line, services):
    get_another(line=str(line.id))
    first, second = held()["Alice's Bakery"]
    assert (first.role, second.role) == (NumberRole.TEMPORARY, NumberRole.ADDITIONAL)


def test_calls_to_either_number_are_answered_by_their_own_line(get_another, held, world, work, alice):
    get_another("Flyers")
    world.text("+14155550123", held()["Flyers"][0].number, "Is this the flyer's number?")
    work()
    assert alice.get("inbox.show").says("Is this the flyer's number?")


def test_a_form_sent_twice_buys_once_also_where_that_was_the_last_one(alice, search, work, held, set_to):
    set_to(purchase_cap=2, numbers_per_workspace=2)
    page = search(area="212")
    path = page.select_one("a.number-row-number")["href"]
    for _ in range(2):
        alice.open(path)
        alice.submit(line="", name="Flyers")
    work()
    assert [len(numbers) for numbers in held().values()] == [1, 1]
    assert str(alice.get("changes.listing")).count("Got the number") == 1


def test_who_buys_and_gives_back_numbers_by_turns_is_stopped(alice, bakery, services):
    with services.sessions.begin() as session:
        line = lines_of(session, bakery.id)[0]
        given_back = {"role": NumberRole.ADDITIONAL, "standing": Standing.RELEASED, "carrier": "twilio"}
        session.add_all(
            PhoneNumber(line_id=line.id, number=f"+1212555{3000 + one}", **given_back)
            for one in range(TURNOVER * services.settings.numbers_per_workspace)
        )
    alice.get("searches.ask")
    assert alice.submit(area="212", status=409).says("Your business has released a lot of numbers lately.")


def test_the_price_is_told_before_buying(alice, search, set_to):
    set_to(number_price="$3 a month")
    page = search(area="212")
    assert alice.open(page.select_one("a.number-row-number")["href"]).says("Local number · $3 a month")


def test_a_business_gets_no_more_numbers_than_it_may(alice, get_another, set_to):
    set_to(numbers_per_workspace=2)
    get_another("Flyers")
    page = alice.get("searches.ask")
    assert page.says("You have 2 numbers from us, which is the limit.")
    assert not page.select("main form[method=post]")


def test_a_number_that_somebody_else_bought_first_is_said_to_be_taken(alice, search, services, work):
    page = search(area="212")
    path = page.select_one("a.number-row-number")["href"]
    services.network("twilio").numbers.buy(path.rpartition("/")[2], "somebody-else", services.routing("twilio"))
    alice.open(path)
    alice.submit(line="", name="Flyers")
    work()
    page = alice.get("numbers.listing")
    assert "Someone else got it first" in rows(page)["Flyers"][0]
    assert page.select_one("#line-2").find_parent("section").find("a", string="Choose another number")


def test_a_line_whose_purchase_failed_is_given_a_number_by_a_press_and_only_one(
    alice, bob, line, services, work, world
):
    with services.sessions.begin() as session:
        [number] = numbers_of(session, line.id)
        number.standing, number.number = Standing.FAILED, ""
    assert alice.get("numbers.listing").says("This line has no number.")
    assert not bob.get("numbers.listing").select("main form[method=post]")
    alice.submit(button="Get a number for this line: Alice's Bakery")
    token = alice.get("numbers.listing").select_one("[name=csrf_token]")["value"]
    alice.client.post(alice.address("numbers.again", line_id=line.id), data={"csrf_token": token})
    work()
    with services.sessions() as session:
        [number] = numbers_of(session, line.id)
        assert (number.standing, number.number[:5], number.area) == (Standing.HELD, "+1415", "415")
    assert not alice.get("numbers.listing").says("Get a number for this line")


@pytest.mark.parametrize("number", ["+14155550123", "nonsense"])
def test_only_a_number_that_was_found_can_be_bought(alice, search, number):
    search(area="212")
    alice.get("searches.chosen", search_id=1, number=number, status=404)


def test_a_search_is_for_those_who_made_it(search, charlie, bob):
    search(area="212")
    charlie.get("searches.show", search_id=1, status=404)
    bob.get("searches.ask", status=403)


def test_a_number_gets_a_name(alice, line):
    alice.get("number.show", number_id=1)
    page = alice.submit(name="Front desk")
    assert "Front desk" in rows(page)["Alice's Bakery"][0]


def test_a_number_is_moved_to_another_line(alice, get_another, held, line):
    get_another("Flyers")
    alice.get("number.show", number_id=2)
    alice.submit(line=str(line.id))
    assert [len(numbers) for numbers in held().values()] == [2, 0]
    alice.get("number.show", number_id=1)
    alice.submit(line="2")
    assert held()["Flyers"][0].role is NumberRole.ADDITIONAL


def test_nobody_moves_a_number_to_the_line_of_another_business(alice, get_another, services, charlie):
    get_another("Flyers")
    with services.sessions.begin() as session:
        line = Line(workspace_id=_workspace_of(session, "charlie's"), name="Theirs")
        session.add(line)
        session.flush()
        theirs = line.id
    alice.get("number.show", number_id=2)
    alice.submit(line=str(theirs), status=404)


def _workspace_of(session, name):
    return session.scalars(select(Workspace.id).where(Workspace.name == name)).one()


def test_a_number_is_released_after_a_week_in_which_it_can_be_kept(alice, get_another, held, clock, services, work):
    get_another("Flyers")
    alice.get("number.show", number_id=2)
    page = alice.submit(button="Release this number")
    assert page.says("then it’s released.")
    clock.jump(timedelta(days=6))
    release_numbers(services)
    work()
    assert held()["Flyers"]
    alice.get("number.show", number_id=2)
    alice.submit(button="Keep this number")
    clock.jump(timedelta(days=3))
    release_numbers(services)
    work()
    assert held()["Flyers"]
    alice.get("number.show", number_id=2)
    alice.submit(button="Release this number")
    clock.jump(timedelta(days=8))
    release_numbers(services)
    work()
    assert held()["Flyers"] == []
    with services.sessions() as session:
        assert session.get_one(PhoneNumber, 2).standing is Standing.RELEASED


def test_a_temporary_number_serves_until_the_transfer_is_done(alice, filed, services):
    alice.get("number.show", number_id=1)
    filed()
    why = "A transfer to this line is under way. This number keeps working until it’s done."
    assert alice.submit(button="Release this number", status=409).says(why)
    assert alice.get("number.show", number_id=1).says(why)


def test_a_number_of_others_is_not_here(charlie, alice, bob):
    charlie.get("number.show", number_id=1, status=404)
    bob.get("number.show", number_id=1, status=403)
    assert bob.get("numbers.listing").select("a.number-row-number")


def test_a_number_that_left_stands_with_where_it_went_and_its_line_can_get_another(alice, line, services, work, held):
    with services.sessions.begin() as session:
        [number] = session.scalars(select(PhoneNumber))
        let_go(session, number)
        number.left_to = "Metro Bell"
    [row] = rows(alice.get("numbers.listing"))["Alice's Bakery"]
    assert "Moved away With Metro Bell since Monday, March 2" in row
    assert alice.get("home.show").says("This line has no number.")
    alice.get("numbers.listing")
    alice.submit(button="Get a number for this line: Alice's Bakery")
    work()
    assert [one.standing for one in held()["Alice's Bakery"]] == [Standing.HELD]
