"""Metrics for Prometheus at `/metrics`, read from the database at each request, so that all processes agree.

Only those of requests are a server's own (`http_figures.py`).

Requests need the token of the settings; without one in the settings the page does not exist.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.alerts import unseen
from service.audit.models import Audit
from service.carrier_errors import carrier_errors
from service.http_figures import HttpFigures
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.porting.models import PortNumber
from service.porting.states import FINAL, State
from service.queue import TRIES, waiting_times
from service.schedule.leader import is_leading
from service.services import Services
from service.time import now
from service.unannounced import count_unannounced
from webhooks.models import Received

_EXTENSION: Final = "figures"

blueprint = Blueprint("figures", __name__)


def register(app: Flask, services: Services, requests: HttpFigures) -> None:
    """Add the page to an app."""
    registry = CollectorRegistry()
    requests.show_in(registry)
    registry.register(Figures(services))
    app.extensions[_EXTENSION] = (services.settings.metrics_token, registry)
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
def show() -> Response:
    """All metrics in Prometheus's text format; 404 without the right token."""
    token, registry = current_app.extensions[_EXTENSION]
    brought = request.headers.get("Authorization", "")
    if not token or not compare_digest(brought.encode(), f"Bearer {token}".encode()):
        abort(404)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Figures(Collector):
    """Reads all metrics at each request, in one transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that nothing is read while the process starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every metric with all its labels, zeros included."""
        with self._services.sessions() as session:
            yield from _intake(session)
            yield from _queue(session)
            yield from _ledger(session)
            yield from _carriers(session)
            yield from _ports(session)
            yield from _processes(session)
            yield from _audits(session)
            yield _mail(session)
            yield GaugeMetricFamily("portline_alerts_unseen", "Matters that no operator has seen.", unseen(session))


def _intake(session: Session) -> Iterator[Metric]:
    """Metrics of callbacks. The last id is a cheaper count than all the rows, which are never deleted."""
    last_id = session.scalar(select(func.max(Received.id))) or 0
    yield CounterMetricFamily("portline_callbacks", "Callbacks let in, repeated ones included.", last_id)
    waiting = select(func.count(), func.max(func.clock_timestamp() - Received.received_at)).where(
        Received.read_at.is_(None), Received.tries < TRIES
    )
    count, oldest = session.execute(waiting).one()
    given_up = session.scalar(select(func.count()).where(Received.read_at.is_(None), Received.tries >= TRIES))
    yield GaugeMetricFamily("portline_callbacks_unread", "Callbacks kept and not read yet.", count)
    yield GaugeMetricFamily("portline_callbacks_given_up", "Callbacks that could not be read.", given_up)
    yield GaugeMetricFamily(
        "portline_callback_oldest_seconds", "Age of the oldest callback not read yet.", _seconds(oldest)
    )


def _queue(session: Session) -> Iterator[Metric]:
    oldest = GaugeMetricFamily("portline_job_oldest_seconds", "How long the oldest due job waits.", labels=["lane"])
    for lane, waited in waiting_times(session).items():
        oldest.add_metric([lane], _seconds(waited))
    yield oldest


def _ledger(session: Session) -> Iterator[Metric]:
    owed = GaugeMetricFamily("portline_ledger_open", "Ledger entries not settled.", labels=["kind"])
    oldest = GaugeMetricFamily("portline_ledger_oldest_seconds", "Age of the oldest open entry.", labels=["kind"])
    parked = GaugeMetricFamily("portline_ledger_parked", "Ledger entries whose outcome is unknown.", labels=["kind"])
    is_open = LedgerEntry.progress.in_([Progress.READY, Progress.TRYING])
    ages = (
        select(LedgerEntry.kind, func.count(), func.max(func.clock_timestamp() - LedgerEntry.owed_at))
        .where(is_open)
        .group_by(LedgerEntry.kind)
    )
    found = {kind: (count, age) for kind, count, age in session.execute(ages)}
    given_up = (
        select(LedgerEntry.kind, func.count()).where(LedgerEntry.progress == Progress.PARKED).group_by(LedgerEntry.kind)
    )
    left = dict(session.execute(given_up).all())
    for kind in EntryKind:
        count, age = found.get(kind, (0, None))
        owed.add_metric([kind], count)
        oldest.add_metric([kind], _seconds(age))
        parked.add_metric([kind], left.get(kind, 0))
    yield from (owed, oldest, parked)


def _carriers(session: Session) -> Iterator[Metric]:
    errors = CounterMetricFamily("portline_carrier_errors", "Calls that failed at a carrier.", labels=["kind"])
    for kind, count in carrier_errors(session).items():
        errors.add_metric([kind], count)
    unannounced = CounterMetricFamily("portline_unannounced", "Changes that no callback announced.", labels=["about"])
    for silence, count in count_unannounced(session).items():
        unannounced.add_metric([silence], count)
    yield from (errors, unannounced)


def _ports(session: Session) -> Iterator[Metric]:
    ports = GaugeMetricFamily("portline_ports", "Numbers under way, by state.", labels=["state"])
    open_states = [state for state in State if state not in FINAL]
    counts = select(PortNumber.state, func.count()).where(PortNumber.state.in_(open_states)).group_by(PortNumber.state)
    found = dict(session.execute(counts).all())
    for state in open_states:
        ports.add_metric([state], found.get(state, 0))
    yield ports


def _processes(session: Session) -> Iterator[Metric]:
    """What the database knows of our processes: their connections, and whether a clock leads."""
    opened = GaugeMetricFamily("portline_connections", "Open connections to the database.", labels=["process"])
    for process, count in session.execute(_CONNECTIONS):
        opened.add_metric([process], count)
    allowed = session.scalar(text("SELECT current_setting('max_connections')::int")) or 0
    yield opened
    yield GaugeMetricFamily("portline_connections_allowed", "Connections that the database allows.", allowed)
    yield GaugeMetricFamily("portline_clock_leading", "1 while a clock process leads.", is_leading(session))


_CONNECTIONS: Final = text("""
    SELECT split_part(application_name, ' ', 2), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'portline %' GROUP BY 1
""")


def _audits(session: Session) -> Iterator[Metric]:
    ages = GaugeMetricFamily("portline_audit_age_seconds", "Since the last audit of a carrier.", labels=["carrier"])
    for audit in session.scalars(select(Audit)):
        ages.add_metric([audit.carrier], _seconds(now() - audit.at))
    yield ages


def _mail(session: Session) -> Metric:
    failed = (LedgerEntry.kind == EntryKind.SEND_MAIL, LedgerEntry.tries > 0, LedgerEntry.trouble != "")
    waiting = LedgerEntry.progress.in_([Progress.READY, Progress.TRYING])
    owed = session.scalar(select(func.count()).where(waiting, *failed)) or 0
    queued = session.scalar(_MAIL_TRIED) or 0
    return GaugeMetricFamily("portline_mail_failing", "Mails that failed and wait for another try.", owed + queued)


_MAIL_TRIED: Final = text("""
    SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'failed') AND attempts > 0 AND task_name IN (
        'deliver_by_mail', 'mail_number', 'mail_sign_in_change', 'send_code', 'send_decision', 'send_details_request',
        'send_invitation')
""")


def _seconds(age: timedelta | None) -> float:
    return max(age.total_seconds(), 0.0) if age else 0.0
