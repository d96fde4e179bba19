"""Forms are taken from our own pages, also where a browser or proxy leaves out the header `Referer`."""

import pytest
from bs4 import BeautifulSoup

HERE = "https://localhost"
FORM = "/sign-in"


def sent(client, **headers):
    """The answer to a form of ours that a browser sends over TLS."""
    page = BeautifulSoup(client.get(FORM, base_url=HERE).text, "html.parser")
    form = {"csrf_token": page.select_one("main [name=csrf_token]")["value"], "email": "alice@bakery.example"}
    return client.post(FORM, data=form, base_url=HERE, headers=headers)


@pytest.mark.parametrize("headers", [{}, {"Referer": ""}, {"Referer": f"{HERE}{FORM}"}, {"Referer": f"{HERE}/"}])
def test_a_form_is_taken_from_our_page_and_from_who_does_not_say_where_it_was(client, headers):
    answer = sent(client, **headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/code")


@pytest.mark.parametrize(
    "other",
    ["https://evil.example/", "http://localhost/", "https://localhost:8443/", "https://localhost.evil.example/"],
)
def test_a_form_of_another_site_is_refused_although_it_brings_a_token(client, other):
    assert sent(client, Referer=other).status_code == 400


def test_without_a_token_a_form_that_says_nothing_is_refused(client):
    client.get(FORM, base_url=HERE)
    assert client.post(FORM, data={"email": "alice@bakery.example"}, base_url=HERE).status_code == 400
