"""Alerts to operators of what has stopped, raised by the clock process, since the worker may be what stopped."""

from collections import Counter
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert, alert_once_in
from service.carrier_cursors import silent_carriers
from service.porting.patience import silent_ports, slow_ports
from service.queue import waiting_times
from service.services import Services
from service.time import now
from service.unannounced import newly_unannounced

TOLD_AGAIN: Final = timedelta(days=3)
"""How long after an alert about a silent port there is another one."""

SLOW_TOLD_AGAIN: Final = timedelta(days=7)
"""The same about a port that takes longer than most."""

LANE_PATIENCE: Final = timedelta(minutes=2)
"""How long a job that is due may wait, in real time."""


def sound_alarms(services: Services) -> None:
    """Raise alerts about what has been silent for too long, and again after a while if it goes on."""
    with services.sessions.begin() as session:
        _about_ports(session)
        _about_carriers(session)
        _about_lanes(session)
        _about_callbacks(session)


def sound_slow_ports(services: Services) -> None:
    """Raise alerts about numbers that take longer than most of their kind, and again after a week."""
    with services.sessions.begin() as session:
        for number in slow_ports(session, services, told_before=now() - SLOW_TOLD_AGAIN):
            alert_once_in(session, AlertKind.PORT_SLOW, f"port_number:{number.id}", SLOW_TOLD_AGAIN)


def _about_ports(session: Session) -> None:
    for number in silent_ports(session, told_before=now() - TOLD_AGAIN):
        alert_once_in(session, AlertKind.PORT_SILENT, f"port_number:{number.id}", TOLD_AGAIN, state=number.state)


def _about_carriers(session: Session) -> None:
    """It is asked every few minutes anyway, for what we may have missed."""
    for carrier, since in silent_carriers(session).items():
        told = since.isoformat(timespec="minutes")
        alert_once_in(session, AlertKind.CARRIER_SILENT, carrier, timedelta(hours=1), since=told)


def _about_lanes(session: Session) -> None:
    for lane, waited in waiting_times(session).items():
        if waited > LANE_PATIENCE:
            minutes = int(waited.total_seconds() // 60)
            alert_once_in(session, AlertKind.LANE_STUCK, f"lane:{lane}", timedelta(hours=1), minutes=minutes)


def _about_callbacks(session: Session) -> None:
    """One matter per carrier, however many were missed; the rows themselves say which."""
    missed = Counter((row.carrier, row.silence.value) for row in newly_unannounced(session))
    for (carrier, silence), count in missed.items():
        alert(session, AlertKind.CALLBACKS_MISSED, f"{carrier}:{silence}", count=count)
