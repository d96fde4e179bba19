"""Settings, read once from the environment. A process with wrong settings does not start, and lists every fault.

Each may also be given as NAME_FILE, the path of a file with the value, as container platforms provide secrets.
Settings of a carrier belong to its folder in `provisioning/carriers/` and are read there.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, TypedDict

from environs import EnvError, FileAwareEnv, validate

from provisioning.contract.registration import Fee
from service import config_checks as checks
from service.carriers_by import CarriersBy
from service.config_values import counts_of, kept_days, path_of
from service.connections import for_the_driver
from service.logs import LEVELS
from service.quotas import MOST, Quota
from service.signing_up import SignUp, SignUpChallenge
from service.targets import DAYS, Target


class WrongSettings(Exception):
    """All faults of the settings, one on each line."""


DOES_NOT_START: Final = 3
"""The exit code at which gunicorn starts no other process instead."""


@contextmanager
def stopping_on_wrong_settings() -> Iterator[None]:
    """End the process with the faults as sentences, without a traceback, when the block finds the settings wrong."""
    try:
        yield
    except WrongSettings as wrong:
        sys.stderr.write(f"Portline does not start with these settings:\n{wrong}\n")
        sys.exit(DOES_NOT_START)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; README.md has the table, and a test keeps it complete."""

    database_url: str = field(repr=False)
    public_base_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    sealing_keys: tuple[str, ...] = field(repr=False)
    carriers: tuple[str, ...]
    carriers_by: CarriersBy = CarriersBy.ORDER
    direct_database_url: str = field(default="", repr=False)
    web_connections: int = 16
    worker_connections: int = 25
    platform_number: str = ""
    standby_number: str = ""
    mail_url: str = field(default="console:", repr=False)
    mail_from: str = "Portline <hello@portline.invalid>"
    media_url: str = "file:var/media"
    read_photos: bool = False
    transcription_model: Path | None = None
    undo_seconds: int = 5
    calls_per_second: int = 1
    calls_at_once: int = 0
    emergency_calls: tuple[str, ...] = ()
    purchase_cap: int = 20
    purchases_per_day: int = 20
    numbers_per_workspace: int = 10
    sign_up: SignUp = SignUp.OPEN
    sign_up_challenge: SignUpChallenge = SignUpChallenge.LOUD
    single_business: bool = False
    numbers_per_network: int = 5
    countries: tuple[str, ...] = ("US", "CA")
    spend_per_day: Decimal = Decimal(200)
    spend_per_month: Decimal = Decimal(2000)
    workspace_spend_per_day: Decimal = Decimal(25)
    workspace_spend_per_month: Decimal = Decimal(250)
    new_workspace_spend_per_day: Decimal = Decimal(5)
    new_workspace_days: int = 7
    number_price: str = ""
    operator_texts: Path | None = None
    quotas: tuple[tuple[Quota, int], ...] = ()
    registration_fees: tuple[tuple[Fee, int], ...] = ()
    porting_targets: tuple[tuple[Target, int], ...] = ()
    callback_days: int = 30
    bill_days: int = 90
    picture_days: int = 0
    voicemail_days: int = 0
    recording_days: int = 0
    text_days: int = 0
    grace_days: int = 30
    quiet_days: int = 7
    ledger_grace_seconds: int = 45
    notices_into_private_networks: bool = False
    vapid_key: str = field(default="", repr=False)
    trusted_proxies: int = 0
    live_url: str = ""
    live_bind: str = "127.0.0.1:8002"
    rehearsal_clock: Path | None = None
    metrics_token: str = field(default="", repr=False)
    alerts_to: tuple[str, ...] = field(default=(), repr=False)
    runbook_url: str = ""
    log_level: str = "INFO"

    @property
    def direct_url(self) -> str:
        """The database past a PgBouncer, for what listens, leads, or keeps prepared statements."""
        return self.direct_database_url or self.database_url

    @property
    def platform_numbers(self) -> tuple[str, ...]:
        """The numbers that our own texts leave from: usually, and while the first carrier does not answer."""
        return tuple(number for number in (self.platform_number, self.standby_number) if number)

    @property
    def is_pooled(self) -> bool:
        """Whether the pages' connections lead through a PgBouncer."""
        return bool(self.direct_database_url)

    @property
    def secure(self) -> bool:
        """Whether the public address is https; only on a laptop it is not."""
        return self.public_base_url.startswith("https://")

    def most(self, quota: Quota) -> int:
        """The most that a workspace may store of something."""
        return dict(self.quotas).get(quota, MOST[quota])

    def target(self, target: Target) -> int:
        """Within how many business days the porting desk wants something."""
        return dict(self.porting_targets).get(target, DAYS[target])

    @classmethod
    def from_env(cls) -> "Settings":
        """Read the settings from the process's environment.

        Raises:
            WrongSettings: some are missing or invalid.
        """
        env = FileAwareEnv(eager=False)
        settings = _read(env)
        try:
            env.seal()
        except EnvError as error:
            raise WrongSettings(_lines(error)) from None
        return settings


def _read(env: FileAwareEnv) -> Settings:
    natural = validate.Range(min=0)
    return Settings(
        **_connections(env),
        public_base_url=(env.str("PUBLIC_BASE_URL", validate=checks.base_url) or "").rstrip("/"),
        secret_keys=tuple(env.list("SECRET_KEY", validate=checks.secret_keys) or ()),
        sealing_keys=tuple(env.list("SEALING_KEYS", validate=checks.sealing_keys) or ()),
        **_carriers(env),
        mail_url=env.str("MAIL_URL", "console:", validate=checks.mail_url),
        mail_from=env.str("MAIL_FROM", "Portline <hello@portline.invalid>"),
        media_url=env.str("MEDIA_URL", "file:var/media", validate=checks.media_url),
        **_extras(env),
        calls_per_second=env.int("CALLS_PER_SECOND", 1, validate=validate.Range(min=1)),
        calls_at_once=env.int("CALLS_AT_ONCE", 0, validate=natural),
        emergency_calls=tuple(env.list("EMERGENCY_CALLS", [], validate=checks.short_numbers) or ()),
        undo_seconds=env.int("UNDO_SECONDS", 5, validate=validate.Range(0, 60)),
        purchase_cap=env.int("PURCHASE_CAP", 20, validate=natural),
        purchases_per_day=env.int("PURCHASES_PER_DAY", 20, validate=natural),
        numbers_per_workspace=env.int("NUMBERS_PER_WORKSPACE", 10, validate=natural),
        sign_up=env.enum("SIGN_UP", SignUp.OPEN, enum=SignUp, by_value=True),
        sign_up_challenge=env.enum("SIGN_UP_CHALLENGE", SignUpChallenge.LOUD, enum=SignUpChallenge, by_value=True),
        single_business=_single_business(env),
        numbers_per_network=env.int("NUMBERS_PER_NETWORK", 5, validate=natural),
        countries=tuple(env.list("COUNTRIES", ["US", "CA"], validate=checks.countries) or ()),
        spend_per_day=env.decimal("SPEND_PER_DAY", Decimal(200), validate=natural),
        spend_per_month=env.decimal("SPEND_PER_MONTH", Decimal(2000), validate=natural),
        workspace_spend_per_day=env.decimal("WORKSPACE_SPEND_PER_DAY", Decimal(25), validate=natural),
        workspace_spend_per_month=env.decimal("WORKSPACE_SPEND_PER_MONTH", Decimal(250), validate=natural),
        new_workspace_spend_per_day=env.decimal("NEW_WORKSPACE_SPEND_PER_DAY", Decimal(5), validate=natural),
        new_workspace_days=env.int("NEW_WORKSPACE_DAYS", 7, validate=natural),
        number_price=env.str("NUMBER_PRICE", ""),
        operator_texts=path_of(env, "OPERATOR_TEXTS", checks.folder),
        quotas=counts_of(env, "QUOTAS", Quota, checks.known_quotas),
        registration_fees=counts_of(env, "REGISTRATION_FEES", Fee, checks.known_fees),
        porting_targets=counts_of(env, "PORTING_TARGETS", Target, checks.known_targets),
        **kept_days(env),
        ledger_grace_seconds=env.int("LEDGER_GRACE_SECONDS", 45, validate=natural),
        notices_into_private_networks=env.bool("NOTICES_INTO_PRIVATE_NETWORKS", False),
        vapid_key=env.str("VAPID_KEY", "", validate=checks.vapid_key),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=natural),
        live_url=env.str("LIVE_URL", "", validate=checks.live_url),
        live_bind=env.str("LIVE_BIND", "127.0.0.1:8002", validate=checks.bind),
        rehearsal_clock=path_of(env, "REHEARSAL_CLOCK"),
        **_watched(env),
    )


class _Connections(TypedDict):
    database_url: str
    direct_database_url: str
    web_connections: int
    worker_connections: int


def _connections(env: FileAwareEnv) -> _Connections:
    """How many connections pages and jobs may open, and where those lead that PgBouncer cannot serve."""
    direct = env.str("DIRECT_DATABASE_URL", "", validate=checks.direct_database) or ""
    return {
        "database_url": for_the_driver(env.str("DATABASE_URL", validate=checks.database) or ""),
        "direct_database_url": for_the_driver(direct),
        "web_connections": env.int("WEB_CONNECTIONS", 16, validate=validate.Range(min=9)),
        "worker_connections": env.int("WORKER_CONNECTIONS", 25, validate=validate.Range(min=8)),
    }


class _Carriers(TypedDict):
    carriers: tuple[str, ...]
    carriers_by: CarriersBy
    platform_number: str
    standby_number: str


def _carriers(env: FileAwareEnv) -> _Carriers:
    """Which carriers there are, and the numbers that our own texts leave from."""
    return {
        "carriers": tuple(env.list("CARRIERS", validate=validate.Length(min=1)) or ()),
        "carriers_by": env.enum("CARRIERS_BY", CarriersBy.ORDER, enum=CarriersBy, by_value=True),
        "platform_number": env.str("PLATFORM_NUMBER", ""),
        "standby_number": env.str("STANDBY_NUMBER", ""),
    }


class _Watched(TypedDict):
    metrics_token: str
    alerts_to: tuple[str, ...]
    runbook_url: str
    log_level: str


def _watched(env: FileAwareEnv) -> _Watched:
    """What operators watch us by."""
    return {
        "metrics_token": env.str("METRICS_TOKEN", "", validate=checks.token),
        "alerts_to": tuple(env.list("ALERTS_TO", []) or ()),
        "runbook_url": env.str("RUNBOOK_URL", ""),
        "log_level": env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(LEVELS)),
    }


class _Extras(TypedDict):
    read_photos: bool
    transcription_model: Path | None


def _extras(env: FileAwareEnv) -> _Extras:
    """What wants libraries that are not installed everywhere."""
    return {
        "read_photos": env.bool("READ_PHOTOS", False, validate=checks.photos),
        "transcription_model": path_of(env, "TRANSCRIPTION_MODEL", checks.speech),
    }


def _single_business(env: FileAwareEnv) -> bool:
    """Whether one business has the installation alone, which `TEXT_REGISTRATION=installation` said before."""
    known = validate.OneOf(["installation", "business"])
    before = env.str("TEXT_REGISTRATION", "business", validate=known) == "installation"
    return bool(env.bool("SINGLE_BUSINESS", before))


def _lines(error: EnvError) -> str:
    faults = getattr(error, "error_messages", {})
    return "\n".join(f"{name}: {' '.join(messages)}" for name, messages in sorted(faults.items())) or str(error)
