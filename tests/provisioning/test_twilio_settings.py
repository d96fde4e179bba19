import pytest

from provisioning.carriers.twilio import build
from provisioning.registry import available, load
from service.desk.worklist import DeskWorklist

ENOUGH = {"TWILIO_ACCOUNT_SID": "AC000000000000000000000000000000aa", "TWILIO_AUTH_TOKEN": "a-secret-token"}


def test_it_is_found_by_its_name(sessions):
    assert "twilio" in available()
    assert load(["twilio"], ENOUGH, DeskWorklist(sessions), lambda *_: "")["twilio"].name == "twilio"


@pytest.mark.parametrize("name", ENOUGH)
@pytest.mark.parametrize("present_but_empty", [True, False])
def test_a_missing_setting_is_named(name, present_but_empty):
    environ = dict(ENOUGH)
    del environ[name]
    if present_but_empty:
        environ[name] = ""
    with pytest.raises(ValueError, match=name):
        build(environ)


def test_a_base_url_makes_it_a_rehearsal():
    assert build(ENOUGH | {"TWILIO_BASE_URL": "http://127.0.0.1:8001"}).rehearsal
    assert not build(ENOUGH).rehearsal


def test_a_base_url_without_scheme_is_refused():
    with pytest.raises(ValueError, match="TWILIO_BASE_URL"):
        build(ENOUGH | {"TWILIO_BASE_URL": "127.0.0.1:8001"})


def test_the_tokens_are_in_no_representation():
    from provisioning.carriers.twilio.settings import Settings

    settings = Settings.from_environ(ENOUGH | {"TWILIO_AUTH_TOKEN_OLD": "an-old-token"})
    assert "a-secret-token" not in repr(settings)
    assert "an-old-token" not in repr(settings)


def test_region_and_edge_of_the_process_do_not_move_the_hosts(monkeypatch):
    import requests

    from provisioning.carriers.twilio.client import connect
    from provisioning.carriers.twilio.settings import Settings
    from provisioning.http import Outgoing

    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    client = connect(Settings.from_environ(ENOUGH), Outgoing(requests.Session()))
    assert client.get_hostname("https://api.twilio.com/") == "https://api.twilio.com/"
