"""Makes the services from the settings, once per process; the only module that chooses implementations."""

import os
from collections.abc import Mapping

import psycopg
from sqlalchemy import Engine

from provisioning import registry
from provisioning.contract.callbacks import Subject
from provisioning.contract.carrier import Carrier
from service import schema
from service.alerting.notifying import is_reachable
from service.callback_marks import webhook_address
from service.config import Settings, WrongSettings
from service.connections import POOLS, Process, arguments
from service.db import Sessions, connect, sessions_on, use_sealing_keys
from service.desk.worklist import DeskWorklist
from service.handlers import FOLLOWERS, PERFORMERS
from service.logs import set_up_logs
from service.media import media_at
from service.notifications.mailers import mailer_for
from service.services import Mailer, Services
from service.time import RehearsalClock, use_clock


def wire(process: Process | None = None) -> Services:
    """Make the services from the environment, for a kind of process.

    Raises:
        WrongSettings: every fault, outdated tables included.
    """
    settings = _settings()
    set_up_logs(settings.log_level, {**os.environ, **_secrets(settings)})
    _refuse_older_tables(settings)
    _refuse_unknown_addresses(settings)
    sessions = sessions_on(_engine(settings, process))
    try:
        carriers = registry.load(settings.carriers, os.environ, DeskWorklist(sessions), addresses_with(settings))
    except ValueError as error:
        raise WrongSettings(str(error)) from None
    return assemble(settings, carriers, mailer_for(settings.mail_url, settings.mail_from), sessions)


def assemble(settings: Settings, carriers: Mapping[str, Carrier], mailer: Mailer, sessions: Sessions) -> Services:
    """Make the services from parts. Tests pass carriers that speak to a sandbox in the same process."""
    _refuse_rehearsing_for_real(settings, carriers)
    use_sealing_keys(settings.sealing_keys)
    if settings.rehearsal_clock:
        use_clock(RehearsalClock(settings.rehearsal_clock))
    return Services(settings, sessions, carriers, mailer, media_at(settings.media_url), FOLLOWERS, PERFORMERS)


def addresses_with(settings: Settings) -> registry.OurAddresses:
    """Our addresses as carriers are given them, which are marked: only those use them that do not sign addresses."""

    def address(carrier: str, subject: Subject) -> str:
        return webhook_address(settings.public_base_url, carrier, subject, settings.secret_keys)

    return address


def _settings() -> Settings:
    """The service's settings. Raises `WrongSettings` with the faults of the carriers' beside those of our own."""
    try:
        return Settings.from_env()
    except WrongSettings as wrong:
        raise WrongSettings("\n".join([str(wrong), *_faults_at_carriers(os.environ)])) from None


def _faults_at_carriers(environ: Mapping[str, str]) -> list[str]:
    names = [name.strip() for name in environ.get("CARRIERS", "").split(",") if name.strip()]
    nowhere = DeskWorklist(sessions_on(connect("postgresql://")))
    try:
        registry.load(names, environ, nowhere, lambda *_: "")
    except ValueError as error:
        return [str(error)]
    return []


def _engine(settings: Settings, process: Process | None) -> Engine:
    """The connections of a process; those of pages alone lead through a PgBouncer where there is one."""
    if process is Process.WEB:
        return connect(settings.database_url, process, settings.web_connections, pooled=settings.is_pooled)
    most = settings.worker_connections if process in {None, Process.WORKER} else POOLS[process]
    return connect(settings.direct_url, process, most)


def _refuse_older_tables(settings: Settings) -> None:
    """Raise `WrongSettings` for outdated tables. A database that is away is no fault: it may come back."""
    try:
        with psycopg.connect(settings.direct_url, **arguments(None)) as connection:
            trouble = schema.trouble_with(connection)
    except psycopg.OperationalError:
        return
    if trouble:
        raise WrongSettings(trouble)


def _refuse_unknown_addresses(settings: Settings) -> None:
    """Raise `WrongSettings` for an address of operators at which no alert could arrive."""
    for place, address in enumerate(settings.alerts_to, 1):
        if not is_reachable(address):
            # the address itself is a secret
            raise WrongSettings(f"ALERTS_TO: address {place} is neither an e-mail address nor a URL of apprise.")


def _secrets(settings: Settings) -> dict[str, str]:
    """Secrets by the names of their settings, whether they came from the environment or from files."""
    return {
        "SECRET_KEY": ",".join(settings.secret_keys),
        "SEALING_KEYS": ",".join(settings.sealing_keys),
        "METRICS_TOKEN": settings.metrics_token,
        "ALERTS_SECRET": ",".join(settings.alerts_to),
    }


def _refuse_rehearsing_for_real(settings: Settings, carriers: Mapping[str, Carrier]) -> None:
    """Raise `WrongSettings` for a rehearsal clock with a real carrier: it must not decide about real numbers."""
    real = [carrier.name for carrier in carriers.values() if not carrier.rehearsal]
    if settings.rehearsal_clock and real:
        raise WrongSettings(f"REHEARSAL_CLOCK is set, but these carriers are the real ones: {', '.join(real)}")
