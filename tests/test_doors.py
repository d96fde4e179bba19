"""Every door is guarded, or stands on the short list of those that are open to everybody."""

import pytest

from service.web.public import PUBLIC, SIGNED

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def doors(app):
    """Address and verb of every page that is not open to everybody."""
    with app.test_request_context():
        return [
            (address(app, rule), verb)
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in PUBLIC and rule.endpoint.partition(".")[0] not in SIGNED
            for verb in VERBS
            if verb in rule.methods
        ]


def address(app, rule):
    """An address that the rule matches, with somebody else's ids in it."""
    converters = rule._converters
    values = {name: 1 if type(converters[name]).__name__ == "IntegerConverter" else "x" for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_the_list_of_open_doors_names_only_doors_that_are_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints >= PUBLIC
    assert {endpoint.partition(".")[0] for endpoint in endpoints} >= SIGNED


def test_a_stranger_is_sent_to_sign_in_everywhere_else(app, client, doors):
    app.config["WTF_CSRF_METHODS"] = set()
    let_in = [(path, verb) for path, verb in doors if not sent_to_sign_in(client.open(path, method=verb))]
    assert doors
    assert let_in == []


def sent_to_sign_in(answer):
    return answer.status_code == 302 and answer.location == "/sign-in"


def test_nothing_is_changed_without_the_token_of_a_form(app, client):
    with app.test_request_context():
        changing = [
            (address(app, rule), verb)
            for rule in app.url_map.iter_rules()
            if rule.endpoint.partition(".")[0] not in SIGNED
            for verb in VERBS[1:]
            if verb in rule.methods
        ]
    assert changing
    assert [(path, verb) for path, verb in changing if client.open(path, method=verb).status_code != 400] == []


def test_the_carriers_door_wants_a_signature(app, client):
    assert client.post("/webhooks/twilio/message", data={"Body": "hello"}).status_code == 403
