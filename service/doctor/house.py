"""Checks of our own side: settings, database, media, processes."""

from datetime import timedelta

from sqlalchemy import text

from service.db import database_now
from service.doctor.findings import Finding, Patient, note, ok, problem
from service.errors import NotFound
from service.media import MediaAway
from service.node_clocks import seen
from service.operator_texts import missing
from service.queue import waiting_times
from service.schedule.leader import is_leading
from service.schema import migrations
from service.team_notices.devices import count_devices
from service.time import real_time
from service.vapid import public_key

CLOCKS_MAY_DIFFER = timedelta(seconds=10)
WORKER_MAY_BE_SILENT = timedelta(seconds=30)
JOBS_MAY_WAIT = timedelta(minutes=2)


def in_earnest(patient: Patient) -> Finding:
    """No setting is one for a rehearsal."""
    rehearsing = [carrier.name for carrier in patient.services.carriers.values() if carrier.rehearsal]
    if patient.services.settings.rehearsal_clock:
        return problem("The clock is a rehearsal's.", "Unset REHEARSAL_CLOCK.")
    if rehearsing:
        return problem(
            f"Carriers of a rehearsal: {', '.join(rehearsing)}.", "Unset their address in the carrier's own settings."
        )
    return ok("Nothing is set for a rehearsal.")


def mail(patient: Patient) -> Finding:
    """Mail is sent over a server, from an address that exists."""
    settings = patient.services.settings
    if settings.mail_url.startswith("console:"):
        return problem("Mail is only printed: nobody can sign up.", "Set MAIL_URL to an smtp:// or smtps:// server.")
    if ".invalid" in settings.mail_from:
        return problem("Mail comes from an address that does not exist.", "Set MAIL_FROM to one of your own.")
    return ok("Mail goes out over a server.")


def operator_texts(patient: Patient) -> Finding:
    """The front page tells prices, and there are terms and a privacy policy."""
    if lacking := missing(patient.services.settings.operator_texts):
        return note(
            f"Visitors find no text of yours on: {', '.join(lacking)}.",
            "Name their folder in OPERATOR_TEXTS; docs/operating.md has the names of the files.",
        )
    return ok("Prices, terms and privacy policy can be read.")


def push(patient: Patient) -> Finding:
    """Browsers that allowed notifications take them: they did so for the present key."""
    key = patient.services.settings.vapid_key
    ours = public_key(key) if key else ""
    with patient.services.sessions() as session:
        lost = count_devices(session, not_for=ours)
    if lost:
        return problem(
            f"{lost} browsers allowed notifications for another VAPID_KEY, and get none.",
            "Set the key from before. If it is lost, their people have to allow notifications again.",
        )
    if not key:
        return note("Phones and browsers get no notifications.", "Set VAPID_KEY; docs/operating.md says how.")
    return ok("Phones and browsers get notifications.")


def media(patient: Patient) -> Finding:
    """Pictures and recordings can be stored and read again."""
    try:
        name = patient.services.media.put(b"kept", "text/plain")
        patient.services.media.get(name)
        patient.services.media.drop(name)
    except (MediaAway, NotFound) as error:
        return problem(f"Pictures and recordings cannot be kept: {error}.", "Look at MEDIA_URL and its credentials.")
    if patient.services.settings.media_url.startswith("file:"):
        return ok("Pictures and recordings can be kept, in a directory: web and worker must run on one machine.")
    return ok("Pictures and recordings can be kept.")


def tables(patient: Patient) -> Finding:
    """The database has the tables that this version needs."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(migrations())
    with patient.services.sessions() as session:
        there = set(MigrationContext.configure(session.connection()).get_current_heads())
    if there != set(scripts.get_heads()):
        return problem(
            "The tables are not those of this version.",
            "Run `portline migrate` (`alembic upgrade head` in a checkout), then restart.",
        )
    return ok("The tables are those of this version.")


def database_clock(patient: Patient) -> Finding:
    """This machine and the database tell the same time."""
    with patient.services.sessions() as session:
        apart = abs(database_now(session) - real_time())
    if apart > CLOCKS_MAY_DIFFER:
        seconds = int(apart.total_seconds())
        return problem(f"This machine's clock and the database's are {seconds} seconds apart.", "Set both by NTP.")
    return ok("This machine's clock agrees with the database's.")


def other_clocks(patient: Patient) -> Finding:
    """The machines of the workers and clock processes tell the database's time."""
    with patient.services.sessions() as session:
        ahead = seen(session)
    off = [f"{node} by {int(by.total_seconds())} s" for node, by in ahead.items() if abs(by) > CLOCKS_MAY_DIFFER]
    if off:
        return problem(f"Clocks are ahead of the database's: {', '.join(off)}.", "Set them by NTP.")
    return ok("The clocks of workers and clock processes agree with the database's.")


def worker(patient: Patient) -> Finding:
    """A worker is running."""
    with patient.services.sessions() as session:
        silent = session.scalar(text("SELECT clock_timestamp() - max(last_heartbeat) FROM procrastinate_workers"))
    if silent is None or silent > WORKER_MAY_BE_SILENT:
        return problem("No worker is running: nothing is bought, filed or sent.", "Start python -m service.worker.")
    return ok("A worker is running.")


def clock(patient: Patient) -> Finding:
    """A clock process is running."""
    with patient.services.sessions() as session:
        leading = is_leading(session)
    if not leading:
        return problem(
            "No clock is running: no order is polled, nobody is reminded.", "Start python -m service.clockwork."
        )
    return ok("A clock is running.")


def lanes(patient: Patient) -> Finding:
    """No job has been due for longer than `JOBS_MAY_WAIT`."""
    with patient.services.sessions() as session:
        late = [lane for lane, waited in waiting_times(session).items() if waited > JOBS_MAY_WAIT]
    if late:
        return note(f"Jobs wait for more than two minutes: {', '.join(late)}.", "See docs/operating.md, Nothing moves.")
    return ok("No job has to wait.")
