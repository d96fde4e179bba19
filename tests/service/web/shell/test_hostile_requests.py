"""No request to any endpoint causes a server error; the endpoints come from the application's URL map."""

import re
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup

import service.web
from service.web.shell.security import limiter

BIG = "9" * 30
SEGMENTS = (BIG, "x%00y", quote("²¹²") + "%ED%A0%80", "%0D%0AX:%20y")
QUERIES = (BIG, "x\0y", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00_1", f"2026-01-01T00:00:00Z_{BIG}")
FIELDS = (BIG, "²¹²", "9999-12-31T23:59", "/\ud800\r\nX: y", "x" * 5000)
QUERY_NAMES = sorted(
    {
        name
        for path in Path(service.web.__file__).parent.rglob("*.py")
        for name in re.findall(r'request\.args(?:\.get(?:list)?\(|\[)"(\w+)"', path.read_text())
    }
    - {"q"}  # a search is a page without the other names
)


@pytest.fixture
def house(app, alice, line, monkeypatch):
    """Alice's browser and the ids of rows, in a workspace with something on most pages."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    alice.client.post(alice.address("contacts.begin"), data={"number": "(415) 555-0123"})
    alice.client.post(alice.address("answers.reply", conversation_id=1), data={"text": "Hello"})
    alice.client.post(alice.address("answers.note", conversation_id=1), data={"note": "Remember"})
    alice.client.post(alice.address("replies.add"), data={"title": "Hours", "text": "We open at 7"})
    draft = alice.client.post(alice.address("bring.begin"), data={"number": "(212) 736-8000"})
    names = {"public_id": draft.headers["Location"].split("/")[2], "name": "holder", "line_id": line.id}
    return alice.client, names


def addresses(app, names, method, swapped="", segment=""):
    """The paths that take a method, each with the names it knows; one of its values (or none) is another."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods and (not swapped or swapped in rule.arguments):
            known = {name: str(names.get(name, 1)) for name in rule.arguments} | ({swapped: segment} if swapped else {})
            yield re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found, known=known: known[found[1]], rule.rule)


def errors(client, requests):
    """Those of the requests (method, path, keywords) that end in an error of ours."""
    found = []
    for method, path, keywords in requests:
        try:
            status = client.open(path, method=method, **keywords).status_code
        except Exception as error:  # noqa: BLE001 -- the application shows its errors to tests
            status = type(error).__name__
        if status == 500 or isinstance(status, str):
            found.append((method, path[:80], str(keywords)[:80], status))
    return found


def test_no_value_in_a_path_is_an_error_of_ours(app, house):
    client, names = house
    arguments = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    requests = (
        (method, path, {})
        for method, name, segment in product(("GET", "POST"), sorted(arguments), SEGMENTS)
        for path in addresses(app, names, method, name, segment)
    )
    assert errors(client, requests) == []


def test_no_value_in_a_query_is_an_error_of_ours(app, house):
    client, names = house
    requests = (
        ("GET", f"{path}?{query}", {})
        for path in addresses(app, names, "GET")
        for query in (urlencode(dict.fromkeys(QUERY_NAMES, value)) for value in QUERIES)
    )
    assert errors(client, requests) == []


def forms(client, app, names):
    """Every form of every page: where it goes, and its fields as they stand."""
    seen = set()
    for path in addresses(app, names, "GET"):
        page = BeautifulSoup(client.get(path).text, "html.parser")
        for form in page.select("form[method=post]"):
            fields = {field["name"]: field.get("value", "") for field in form.select("[name]")}
            action = form.get("action") or path
            if (action, *fields) not in seen:
                seen.add((action, *fields))
                yield action, fields


def test_no_value_in_a_field_is_an_error_of_ours(app, house):
    client, names = house
    requests = [
        ("POST", action, {"data": {**fields, name: value.encode("utf-8", "replace")}})
        for action, fields in forms(client, app, names)
        for name, value in [*product(fields, FIELDS), *((name, "x\0y") for name in [*fields][:1])]
        if name != "csrf_token"
    ]
    assert errors(client, requests) == []


def test_no_search_is_an_error_of_ours(house):
    client, _ = house
    searches = (
        ("GET", f"{path}?{urlencode({'q': value}, errors='replace')}", {})
        for path, value in product(
            ("/inbox/", "/contacts/"), ("x\0y", "\ud800", "'", "<->", "!", "a" * 5000, "((", "²¹²", BIG)
        )
    )
    assert errors(client, searches) == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"text=\xff\xfe&email=%ff%fe&back=%ed%a0%80"),
        ("application/x-www-form-urlencoded; charset=no-such", b"text=x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--',
        ),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b"[" * 100_000),
    ],
)
def test_no_body_is_an_error_of_ours(app, house, content_type, body):
    client, names = house
    requests = (("POST", path, {"data": body, "content_type": content_type}) for path in addresses(app, names, "POST"))
    assert errors(client, requests) == []
