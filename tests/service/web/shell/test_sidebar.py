"""Beside every page: the lines, what waits in them, and the transfer under way."""

from service.accounts.models import Member
from service.lines.inventory import numbers_of
from service.lines.models import Line
from service.web.shell.sidebar import FEW
from service.web.shell.words import phone
from tests.factories import CALLER

ALONE = {
    "api_reference",
    "assets",
    "attachments",
    "business_page",
    "details",
    "embedded",
    "figures",
    "front",
    "health",
    "help_page",
    "installing",
    "join",
    "legal",
    "live",
    "phone",
    "port_out_request",
    "prices",
    "push",
    "search",
    "second_step",
    "sign",
    "signin",
    "signup",
    "static",
    "status_page",
}
"""Parts of the site that belong to no entry of the navigation, or have no pages of their own."""

SETTINGS = {"api_keys.show": "API keys", "replies.listing": "Saved replies", "devices.show": "Where you’re signed in"}


def plain(part):
    return " ".join(part.text.split())


def test_a_line_shows_its_number_and_how_many_conversations_are_open(alice, line, services, world, work):
    with services.sessions() as session:
        number = numbers_of(session, line.id)[0].number
    world.text(CALLER, number, "Are you open?")
    work()
    link = alice.get("numbers.listing").select_one(".line-link")
    assert [link.select_one(part).text for part in (".clip", ".count", "small")] == [line.name, "1 open", phone(number)]
    assert plain(alice.page.select_one(".side-link .count")) == "1 new"
    alice.open(alice.get("inbox.show").select_one(".conversation-list a")["href"])
    page = alice.get("numbers.listing")
    assert plain(page.select_one(".line-link .count")) == "1 open"
    assert not page.select(".side-link .count:not([hidden])"), "it was read"


def test_of_many_lines_the_first_are_shown(alice, line, services):
    with services.sessions.begin() as session:
        session.add_all(Line(workspace_id=line.workspace_id, name=f"Line {place}") for place in range(FEW))
    links = alice.get("numbers.listing").select(".line-link")
    assert len(links) == FEW + 1
    assert plain(links[1]) == "Line 0No number yet"
    assert plain(links[-1]) == "More lines"


def test_the_transfer_under_way_is_in_sight_on_every_page_but_its_own(alice, bob, filed, signed):
    public_id = filed()
    assert plain(alice.get("team.show").select_one(".side .journey")).endswith("Needs your signature")
    signed()
    assert plain(alice.get("team.show").select_one(".side .journey")).endswith("Moves Monday, March 9")
    assert bob.get("team.show").select(".journey")
    assert not alice.get("ports.show", public_id=public_id).select(".journey")


def test_nothing_of_another_workspace_stands_beside_a_page(alice, charlie, filed):
    filed()
    page = charlie.get("team.show")
    assert not page.select(".journey")
    assert page.select_one(".workspace summary").text.strip() == "charlie's"


def test_somebody_without_a_workspace_finds_the_way(alice, bakery, services):
    with services.sessions.begin() as session:
        session.delete(session.query(Member).join(Member.user).filter_by(email="alice@alice.example").one())
    page = alice.get("settings.show", status=404)
    assert page.select_one(".workspace summary").text.strip() == "Portline"
    assert not page.select(".line-link")


def test_every_page_belongs_to_one_entry_of_the_navigation(app):
    groups = app.jinja_env.get_template("shell/_navigation.html").module
    parts = [part for name, group in vars(groups).items() if name.isupper() for part in group]
    assert sorted([*parts, *ALONE]) == sorted({rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules()})


def test_a_page_of_settings_is_marked_in_their_list_also_when_it_refuses(alice):
    for endpoint, words in SETTINGS.items():
        [marked] = alice.get(endpoint).select(".settings-list [aria-current=page]")
        assert plain(marked) == words
        assert plain(alice.page.select_one(".side nav [aria-current]")) == "Settings"
    alice.get("api_keys.show")
    assert plain(alice.submit(name="", status=422).select_one(".settings-list [aria-current]")) == "API keys"
