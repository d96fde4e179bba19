"""A process with wrong settings does not start, and names every one of them."""

import pytest
from cryptography.fernet import Fernet

from laptop import rehearsal
from provisioning.carriers import twilio
from service.config import DOES_NOT_START, Settings, WrongSettings, stopping_on_wrong_settings
from service.connections import Process
from service.db import connect, sessions_on
from service.wiring import assemble, wire
from tests.conftest import CARRIER_SETTINGS

GOOD = {
    "DATABASE_URL": "postgresql://db/portline",
    "PUBLIC_BASE_URL": "https://portline.example/",
    "SECRET_KEY": "s" * 32,
    "SEALING_KEYS": Fernet.generate_key().decode(),
    "CARRIERS": "twilio",
}


@pytest.fixture
def environment(monkeypatch):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_are_read(environment):
    settings = Settings.from_env()
    assert settings.public_base_url == "https://portline.example"
    assert settings.carriers == ("twilio",)


def test_the_settings_of_a_rehearsal_are_good(environment, tmp_path):
    for name, value in rehearsal.environ(tmp_path, GOOD["DATABASE_URL"], rehearsal.Ports()).items():
        environment.setenv(name, value)
    assert Settings.from_env().live_url.startswith(f"{rehearsal.Ports().pages.rpartition(':')[0]}:")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_database_is_kept_under_the_name_that_the_driver_knows(environment, scheme):
    environment.setenv("DATABASE_URL", f"{scheme}://db/port%20line?host=%2Fa%20b")
    assert Settings.from_env().database_url == "postgresql://db/port%20line?host=%2Fa%20b"


def test_everything_wrong_is_said_at_once(environment):
    for name in GOOD:
        environment.delenv(name)
    with pytest.raises(WrongSettings) as wrong:
        Settings.from_env()
    assert all(name in str(wrong.value) for name in GOOD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/portline"),
        ("DATABASE_URL", "postgresql://portline:100%@db/portline"),
        ("DIRECT_DATABASE_URL", "mysql://db/portline"),
        ("WEB_CONNECTIONS", "8"),
        ("WORKER_CONNECTIONS", "0"),
        ("PUBLIC_BASE_URL", "http://portline.example"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", f"{'n' * 32},short"),
        ("SEALING_KEYS", "not-a-key"),
        ("SEALING_KEYS", ""),
        ("PURCHASE_CAP", "many"),
        ("GRACE_DAYS", "-1"),
        ("TEXT_DAYS", "-1"),
        ("QUOTAS", "contacts=many"),
        ("QUOTAS", "cats=9"),
        ("QUOTAS", "contacts=-1"),
        ("PORTING_TARGETS", "sleep=2"),
        ("PORTING_TARGETS", "draft=0"),
        ("MAIL_URL", "carrier-pigeon:"),
        ("MEDIA_URL", "ftp://media"),
        ("MEDIA_URL", "s3://"),
        ("VAPID_KEY", "not-a-key"),
    ],
)
def test_a_wrong_value_is_named(environment, name, value):
    environment.setenv(name, value)
    with pytest.raises(WrongSettings, match=name):
        Settings.from_env()


@pytest.mark.parametrize("name", ["OPERATOR_TEXTS", "REHEARSAL_CLOCK", "TRANSCRIPTION_MODEL"])
def test_a_path_that_is_empty_is_none(environment, name):
    environment.setenv(name, "")
    assert getattr(Settings.from_env(), name.lower()) is None


def test_a_password_that_cannot_be_read_is_not_repeated(environment):
    environment.setenv("DATABASE_URL", "postgresql://portline:secret%zz@db/portline")
    with pytest.raises(WrongSettings) as wrong:
        Settings.from_env()
    assert "secret" not in str(wrong.value)


def test_what_a_pooler_cannot_serve_goes_past_it(environment):
    assert Settings.from_env().direct_url == GOOD["DATABASE_URL"]
    environment.setenv("DIRECT_DATABASE_URL", "postgresql+psycopg://past/portline")
    settings = Settings.from_env()
    assert (settings.database_url, settings.direct_url) == (GOOD["DATABASE_URL"], "postgresql://past/portline")


def test_wrong_settings_of_ours_and_of_carriers_are_said_together(environment):
    environment.setenv("SEALING_KEYS", "")
    environment.setenv("CARRIERS", "twilio,manual,smoke-signals")
    environment.setenv("TWILIO_API_KEY_SID", "SK0")
    with pytest.raises(WrongSettings) as wrong:
        wire(Process.WEB)
    told = [line.partition(":")[0] for line in str(wrong.value).splitlines()]
    assert told == ["SEALING_KEYS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY_SID", "CARRIERS"]


def test_carriers_at_which_no_number_can_live_do_not_do_alone(environment):
    environment.setenv("CARRIERS", "manual")
    with pytest.raises(WrongSettings, match="CARRIERS: name one that has numbers; these have none: manual"):
        wire(Process.WEB)


def test_a_process_with_wrong_settings_says_so_and_prints_no_traceback(capsys):
    with pytest.raises(SystemExit) as ended, stopping_on_wrong_settings():
        raise WrongSettings("SEALING_KEYS: must be Fernet keys")
    assert ended.value.code == DOES_NOT_START
    assert capsys.readouterr().err == (
        "Portline does not start with these settings:\nSEALING_KEYS: must be Fernet keys\n"
    )


def test_a_secret_may_come_from_a_file(environment, tmp_path):
    (tmp_path / "key").write_text("f" * 40)
    environment.delenv("SECRET_KEY")
    environment.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert Settings.from_env().secret_keys == ("f" * 40,)


def test_secrets_are_not_in_a_printed_settings_object(environment):
    assert GOOD["SECRET_KEY"] not in repr(Settings.from_env())
    assert GOOD["SEALING_KEYS"] not in repr(Settings.from_env())


def test_a_clock_that_jumps_is_refused_beside_a_real_carrier(environment, tmp_path, mailbox):
    environment.setenv("REHEARSAL_CLOCK", str(tmp_path / "clock"))
    real = {name: value for name, value in CARRIER_SETTINGS.items() if name != "TWILIO_BASE_URL"}
    settings = Settings.from_env()
    with pytest.raises(WrongSettings, match="REHEARSAL_CLOCK"):
        assemble(settings, {"twilio": twilio.build(real)}, mailbox, sessions_on(connect(settings.database_url)))
