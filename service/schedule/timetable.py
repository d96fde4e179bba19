"""Every scheduled job: its name, its interval and its function. A job is one function and one row here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from service.alerting.notifying import notify_operators
from service.schedule.audit_carriers import audit_carriers
from service.schedule.catch_up_with_carriers import catch_up_with_carriers
from service.schedule.chase_overdue import chase_cutovers, chase_entries, chase_proofs, chase_ringings
from service.schedule.close_accounts import close_accounts
from service.schedule.count_transfers import count_transfers
from service.schedule.desk_mornings import send_desk_mornings
from service.schedule.digest import send_digests
from service.schedule.due_conversations import send_later_texts, wake_conversations
from service.schedule.poll_carriers import (
    poll_carriers,
    poll_carriers_daily,
    start_of_port_days,
    watch_canceled_orders,
)
from service.schedule.poll_registrations import poll_registrations, ready_numbers
from service.schedule.prune import drop_greetings, end_imports, forget_counts, release_numbers, wipe_secrets
from service.schedule.remind import remind
from service.schedule.retention import delete_expired
from service.schedule.seek_departed_numbers import seek_departed_numbers
from service.schedule.serve_newcomers import serve_newcomers
from service.schedule.sound_alarms import sound_alarms, sound_slow_ports
from service.schedule.watch_carriers import watch_carriers
from service.services import Services


class ScheduledJob(NamedTuple):
    """A scheduled job, run at each interval `every`.

    When a rehearsal clock jumps, jobs run at once and every second of the next minute. `asks_rows` is False for a job
    that does not read from the database whether something is due, and so keeps its interval.
    """

    name: str
    every: timedelta
    run: Callable[[Services], None]
    asks_rows: bool = True


JOBS: Final = (
    ScheduledJob("poll carriers", timedelta(seconds=20), poll_carriers),
    ScheduledJob("poll carriers daily", timedelta(minutes=5), poll_carriers_daily),
    ScheduledJob("poll registrations", timedelta(minutes=1), poll_registrations),
    ScheduledJob("ready numbers", timedelta(minutes=10), ready_numbers),
    ScheduledJob("watch canceled orders", timedelta(hours=1), watch_canceled_orders),
    ScheduledJob("start port days", timedelta(minutes=1), start_of_port_days),
    ScheduledJob("chase cutovers", timedelta(seconds=5), chase_cutovers),
    ScheduledJob("chase proofs", timedelta(minutes=1), chase_proofs),
    ScheduledJob("chase ledger entries", timedelta(seconds=20), chase_entries),
    ScheduledJob("chase ringings", timedelta(seconds=5), chase_ringings),
    ScheduledJob("wake conversations", timedelta(seconds=20), wake_conversations),
    ScheduledJob("send later texts", timedelta(seconds=10), send_later_texts),
    ScheduledJob("remind", timedelta(minutes=5), remind),
    ScheduledJob("serve newcomers", timedelta(minutes=1), serve_newcomers),
    ScheduledJob("release numbers", timedelta(hours=1), release_numbers),
    ScheduledJob("close accounts", timedelta(hours=1), close_accounts),
    ScheduledJob("wipe secrets", timedelta(hours=1), wipe_secrets),
    ScheduledJob("send digests", timedelta(minutes=5), send_digests),
    ScheduledJob("send desk mornings", timedelta(minutes=5), send_desk_mornings),
    ScheduledJob("drop greetings", timedelta(hours=1), drop_greetings),
    ScheduledJob("end imports", timedelta(hours=1), end_imports),
    ScheduledJob("delete expired", timedelta(days=1), delete_expired),
    ScheduledJob("forget counts", timedelta(hours=1), forget_counts),
    ScheduledJob("sound alarms", timedelta(minutes=1), sound_alarms),
    ScheduledJob("count transfers", timedelta(days=1), count_transfers),
    ScheduledJob("sound slow ports", timedelta(days=1), sound_slow_ports),
    ScheduledJob("notify operators", timedelta(seconds=30), notify_operators),
    ScheduledJob("catch up", timedelta(minutes=2), catch_up_with_carriers, asks_rows=False),
    ScheduledJob("watch callbacks", timedelta(days=1), watch_carriers, asks_rows=False),
    ScheduledJob("seek departed numbers", timedelta(hours=1), seek_departed_numbers, asks_rows=False),
    ScheduledJob("audit", timedelta(days=1), audit_carriers, asks_rows=False),
)
