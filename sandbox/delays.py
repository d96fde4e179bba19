"""How long things take at this carrier by themselves."""

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Delays:
    """Durations on the rehearsal clock."""

    review: timedelta = timedelta(seconds=5)
    after_signature: timedelta = timedelta(seconds=5)
    signature_expires: timedelta = timedelta(days=30)
    losing_carrier: timedelta = timedelta(hours=4)
    appears: timedelta = timedelta(seconds=30)
    cancel: timedelta = timedelta(seconds=60)
    cancel_cut_off: timedelta = timedelta(hours=48)
    emergency: timedelta = timedelta(0)
    text_sent: timedelta = timedelta(seconds=1)
    text_delivered: timedelta = timedelta(seconds=3)
    held_callback: timedelta = timedelta(minutes=1)
    lead_days: int = 7
    port_time: time = time(15, 0)
