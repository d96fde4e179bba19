"""Pages about a transfer that a platform shows within a page of its own."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from service.brands import Platform
from service.porting.models import PortProject
from service.porting.states import State
from tests.service.api.conftest import Program
from tests.service.api.test_platform import agree, opened, settings, shopline  # noqa: F401 -- the same platform
from tests.service.web.conftest import Reader

NUMBER = "+14155552000"


@pytest.fixture
def shop(app, opened):  # noqa: F811
    return Program(app, opened["key"])


@pytest.fixture
def draft(shop, work):
    made = shop.post("/transfers", {"numbers": [NUMBER]}).json
    work()
    return made["id"]


@pytest.fixture
def link(shop, draft):
    """The path of a new link; who follows it has no cookie, as in a frame of another site."""

    def to(page):
        answer = shop.post(f"/transfers/{draft}/embedded-page", {"page": page}, status=200).json
        assert answer["url"].startswith("https://phones.shop.example/embedded/")
        return urlsplit(answer["url"]).path

    return to


def test_the_platforms_pages_may_frame_it_and_no_other_page_any(app, link, shop, draft):
    for page in ("status", "form"):
        headers = app.test_client().get(link(page)).headers
        assert "frame-ancestors https://shop.example;" in headers["Content-Security-Policy"] + ";"
        assert "X-Frame-Options" not in headers
    headers = app.test_client().get("/sign-in").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_without_a_platform_that_names_it_nobody_frames_it(app, link, services):
    path = link("status")
    with services.sessions.begin() as session:
        session.scalars(select(Platform)).one().frames = []
    headers = app.test_client().get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_it_says_where_the_transfer_is_in_the_platforms_name(app, link):
    page = Reader(app).open(link("status"))
    assert "(415)" in page.select_one(".tel").text
    assert "Portline" not in page.text
    assert not page.select("header")


def test_answers_of_its_form_are_kept_without_a_cookie(app, link, services, draft):
    path, client = link("form"), app.test_client(use_cookies=False)
    saved = client.post(path, data={"subscriber_name": "Flower Shop LLC", "account_number": "1000200030"})
    assert saved.status_code == 302
    page = client.get(saved.location).text
    assert "Thank you. Saved." in page
    assert "1000200030" not in page
    assert "Flower Shop LLC" not in page
    client.post(path, data={"subscriber_name": ""})
    with services.sessions() as session:
        project = session.scalars(select(PortProject).where(PortProject.public_id == draft)).one()
        assert (project.subscriber_name, project.account_number) == ("Flower Shop LLC", "1000200030")


def test_what_is_wrong_in_its_form_is_told_beside_its_field(app, link):
    answer = app.test_client(use_cookies=False).post(link("form"), data={"authorized_email": "nobody"})
    assert answer.status_code == 422
    assert "name@example.com" in answer.text


def test_a_link_opens_one_page_and_ends_after_an_hour(app, link, clock):
    status, form = link("status"), link("form")
    client = app.test_client()
    assert client.get(status.replace("/status/", "/form/")).status_code == 404
    assert client.get(form.replace("/form/", "/status/")).status_code == 404
    assert client.get(form[:-1] + ("a" if form[-1] != "a" else "b")).status_code == 404
    clock.jump(timedelta(minutes=61))
    for path in (status, form, f"{status}/progress"):
        assert client.get(path).status_code == 404
    assert client.post(form, data={"pin": "1234"}).status_code == 404


def test_a_code_is_texted_in_the_platforms_name(shop, draft, world, work, clock):
    shop.post(f"/transfers/{draft}/code", {"number": NUMBER, "way": "text"}, status=200)
    work()
    clock.jump(timedelta(seconds=10))
    work()
    assert "is your Shopline code" in world.phone(NUMBER).texts[-1].body


def test_a_form_is_closed_once_the_transfer_was_sent(app, link, services, draft):
    path = link("form")
    with services.sessions.begin() as session:
        project = session.scalars(select(PortProject).where(PortProject.public_id == draft)).one()
        project.numbers[0].state = State.SUBMITTING
    assert app.test_client().post(path, data={"pin": "1234"}).status_code == 409


def test_nobody_gets_a_link_to_the_transfer_of_others(program, draft):
    program.refused("POST", f"/transfers/{draft}/embedded-page", "not_found", 404, json={"page": "status"})
