"""A platform has a brand, a domain and limits of its own, and its customers see no other name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import User, Workspace
from service.accounts.passkeys import to_register
from service.accounts.platforms import appoint
from service.accounts.sign_in_change_mail import SignInChange, notify_of_change
from service.brands import Platform, brand_of
from service.errors import Conflict, TooMany
from service.language import Language
from service.lines.inventory import give_temporary, lines_of
from service.notifications.facts import Matter
from service.notifications.mime import mime_message
from service.notifications.models import Channel
from service.notifications.notify import Recipient, notify
from service.notifications.texting_notices import TextingOn
from service.notifications.wording import word
from service.spending.permission import Stop, Use, stop_of
from service.time import now
from tests.service.api.conftest import Program
from tests.service.api.test_workspaces import SHOP
from tests.service.web.conftest import Reader

ALICE = "alice@alice.example"


@pytest.fixture
def settings(settings):
    """Alice may spend what the tests of limits need."""
    return replace(settings, purchase_cap=100, purchases_per_day=100)


@pytest.fixture
def agree(services, program):
    """Agree on terms with Alice's platform."""

    def with_terms(most=5, **terms):
        with services.sessions.begin() as session:
            appoint(session, ALICE, most, **terms)

    with_terms()
    return with_terms


@pytest.fixture
def shopline(agree, program):
    """Alice's platform, whose brand is Shopline, at a domain of its own."""
    agree(domain="phones.shop.example")
    program("PUT", "/platform", json={"name": "Shopline", "frames": ["https://shop.example"]})
    return program


@pytest.fixture
def opened(app, shopline, work):
    made = shopline.post("/workspaces", SHOP).json
    work()
    return made


@pytest.fixture
def dora(app, services, opened):
    """The platform's customer, in a browser of her own."""
    with services.sessions() as session:
        return Reader(app, session.scalars(select(User).where(User.email == SHOP["email"])).one())


def test_a_platform_reads_what_was_agreed_on_and_sets_its_name(agree, program):
    agree(7, most_numbers=20, most_texts=500, domain="phones.shop.example")
    told = program("PUT", "/platform", json={"name": "Shopline", "frames": ["https://shop.example:8443"]}).json
    assert told == program.get("/platform").json
    assert told == {
        "name": "Shopline",
        "domain": "phones.shop.example",
        "frames": ["https://shop.example:8443"],
        "workspaces": 0,
        "most_workspaces": 7,
        "most_numbers": 20,
        "most_texts_a_day": 500,
    }
    agree(8)
    assert program.get("/platform").json == told | {"most_workspaces": 8}, "what is left out stays"


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"name": "Ночь"}, "/name"),
        ({"name": "A name that is too long"}, "/name"),
        ({"name": "Acme\nPhones"}, "/name"),
        ({"name": " Acme"}, "/name"),
        ({"frames": ["http://shop.example"]}, "/frames/0"),
        ({"frames": ["https://*.shop.example"]}, "/frames/0"),
        ({"frames": ["https://shop.example; script-src *"]}, "/frames/0"),
        ({"frames": ["https://shop.example/"]}, "/frames/0"),
        ({"frames": ["https://shop.example"] * 11}, "/frames"),
        ({"domain": "portline.example"}, "/domain"),
        ({"most_numbers": 10}, "/most_numbers"),
    ],
)
def test_it_sets_nothing_else(agree, program, wrong, at):
    body = {"name": "Shopline", "frames": []} | wrong
    refused = program.refused("PUT", "/platform", "invalid", 422, json=body)
    assert [one["at"] for one in refused.json["errors"]] == [at]
    assert program.get("/platform").json["name"] == ""


def test_who_is_no_platform_has_no_brand(program, other, agree):
    other.refused("GET", "/platform", "forbidden", 403)
    other.refused("PUT", "/platform", "forbidden", 403, json={"name": "Mine", "frames": []})


def test_two_platforms_share_no_domain(agree, other, services):
    agree(domain="phones.shop.example")
    with services.sessions.begin() as session, pytest.raises(Conflict, match="Another platform"):
        appoint(session, "charlie@charlie.example", 1, domain="phones.shop.example")


def test_its_customers_pages_have_its_name(dora, reader, alice):
    assert dora.get("home.show").title.text.endswith(" – Shopline")
    assert dora.get("settings.show").says("Install Shopline to open it")
    assert "Portline" not in dora.page.text
    assert reader.get("front.landing").title.text.endswith(" – Portline")
    assert alice.get("home.show").title.text.endswith(" – Portline"), "the platform's own workspace"


def test_strangers_at_its_domain_read_its_name_and_elsewhere_ours(shopline, app):
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://phones.shop.example").text
    assert "– Shopline</title>" in page
    assert "Portline" not in page
    manifest = client.get("/manifest.webmanifest", base_url="https://phones.shop.example").json
    assert (manifest["name"], manifest["short_name"]) == ("Shopline", "Shopline")
    assert "– Portline</title>" in client.get("/sign-in", base_url="https://other.example").text


def test_its_customers_sign_in_at_its_domain_with_a_code_in_its_name(app, opened, mailbox, work):
    client, at = app.test_client(), {"base_url": "https://phones.shop.example"}
    token = client.get("/sign-in", **at).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    posted = {
        "data": {"csrf_token": token, "email": SHOP["email"]},
        "headers": {"Referer": at["base_url"] + "/sign-in"},
    }
    assert client.post("/sign-in", **posted, **at).status_code == 302
    stolen = posted | {"headers": {"Referer": "https://localhost:8000/sign-in"}}
    assert client.post("/sign-in", **stolen, **at).status_code == 400, "a form of another host"
    work()
    mail = mailbox.to(SHOP["email"])[-1]
    assert mail.subject.endswith("is your Shopline code")
    assert mail.brand == "Shopline"
    assert "Portline" not in mail.text + mail.html


def test_links_in_mails_lead_to_its_domain(services, opened, mailbox, work):
    with services.sessions.begin() as session:
        user = session.scalars(select(User).where(User.email == SHOP["email"])).one()
        notify_of_change(session, user.id, SignInChange.PASSKEY_ADDED)
    work()
    mail = mailbox.to(SHOP["email"])[-1]
    assert "https://phones.shop.example/sign-in-methods/" in mail.text
    assert "Portline" not in mail.text + mail.html


def test_a_notice_by_mail_and_text_has_its_name_and_comes_from_it(services, opened, mailbox, work):
    with services.sessions.begin() as session:
        recipient = Recipient(None, opened["id"], Language.ENGLISH, "", SHOP["email"])
        about = Matter(link="https://phones.shop.example/texting", zone="America/New_York")
        notify(session, services, recipient, about, TextingOn(business="Flowers", since=now()), "1")
        text = word(replace(about, brand="Shopline"), TextingOn(business="F", since=now()), Channel.SMS, "en").text
    work()
    mail = mailbox.to(SHOP["email"])[-1]
    assert str(mime_message(mail, "Portline <hello@portline.example>")["From"]) == "Shopline <hello@portline.example>"
    assert "Portline" not in mail.subject + mail.text + mail.html
    assert text.startswith("Shopline: F is approved.")


def test_a_passkey_is_bound_to_its_domain(services, opened):
    with services.sessions() as session:
        user = session.scalars(select(User).where(User.email == SHOP["email"])).one()
        brand = brand_of(services.settings, session.get(Workspace, opened["id"]))
        asked = to_register(session, brand, user, b"challenge")
    assert '"rp": {"name": "Shopline", "id": "phones.shop.example"}' in asked


def test_no_more_numbers_are_bought_than_was_agreed_on(agree, program, services, work):
    agree(most_numbers=1)
    first, second = (program.post("/workspaces", SHOP | {"email": f"{one}@shop.example"}).json for one in "ab")
    work()
    with services.sessions.begin() as session:
        assert session.get(Workspace, first["id"]).waiting_since is None
        assert session.get(Workspace, second["id"]).waiting_since is not None, "waits, and holds nobody else up"
        with pytest.raises(TooMany, match="another number"):
            give_temporary(session, services, lines_of(session, first["id"])[0])
    agree(most_numbers=2)
    with services.sessions.begin() as session:
        give_temporary(session, services, lines_of(session, second["id"])[0])


def test_no_more_texts_leave_on_a_day_than_was_agreed_on(app, agree, program, services, work, clock):
    agree(most_texts=2)
    keys = [program.post("/workspaces", SHOP | {"email": f"{one}@shop.example"}).json["key"] for one in "ab"]
    work()
    for key in keys:
        Program(app, key).post("/messages", {"to": "+14155550123", "text": "Hello"}, status=202)
    work()
    shop = Program(app, keys[0])
    shop.refused("POST", "/messages", "conflict", 409, json={"to": "+14155550123", "text": "Again"})
    clock.jump(timedelta(days=1))
    shop.post("/messages", {"to": "+14155550123", "text": "Again"}, status=202)


def test_notices_of_ours_and_other_workspaces_count_for_no_platform(agree, services, bakery):
    agree(most_texts=0)
    with services.sessions() as session:
        use = Use(bakery.id, "+14155550100", ("+14155550123",), texts=1)
        assert stop_of(session, services.settings, use) is not Stop.OVER_OWN_LIMIT
        assert session.get(Platform, bakery.id).most_texts == 0
