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
    ported_out: timedelta = timedelta(days=4)
    brand_checked: timedelta = timedelta(minutes=1)
    campaign_stage: timedelta = timedelta(minutes=1)
    number_assigned: timedelta = timedelta(seconds=30)
    port_out_unanswered: timedelta = timedelta(hours=48)
    port_out_refusal_read: timedelta = timedelta(hours=1)
    cancel: timedelta = timedelta(seconds=60)
    cancel_cut_off: timedelta = timedelta(hours=48)
    emergency: timedelta = timedelta(0)
    profile_checked: timedelta = timedelta(seconds=20)
    profile_reviewed: timedelta = timedelta(days=1)
    between_registrations: timedelta = timedelta(0)
    brand_decided: timedelta = timedelta(minutes=2)
    brand_vetted: timedelta = timedelta(days=2)
    sole_proprietor_decided: timedelta = timedelta(minutes=5)
    owner_answers: timedelta = timedelta(hours=24)
    campaign_begun: timedelta = timedelta(days=1)
    campaign_verified: timedelta = timedelta(days=13)
    number_registered: timedelta = timedelta(0)
    number_deregistered: timedelta = timedelta(days=2)
    toll_free_reviewed: timedelta = timedelta(days=3)
    papers_checked: timedelta = timedelta(minutes=5)
    draft_kept: timedelta = timedelta(days=30)
    exception_kept: timedelta = timedelta(days=14)
    resubmitted: timedelta = timedelta(seconds=5)
    activated: timedelta = timedelta(seconds=60)
    texts_ported: timedelta = timedelta(minutes=10)
    number_ordered: timedelta = timedelta(seconds=2)
    number_provisioned: timedelta = timedelta(seconds=2)
    text_sent: timedelta = timedelta(seconds=1)
    text_delivered: timedelta = timedelta(seconds=3)
    held_callback: timedelta = timedelta(minutes=1)
    lead_days: int = 7
    port_time: time = time(15, 0)
