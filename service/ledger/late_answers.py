"""Answers that came back to a worker whose lease was lost: what they tell of may have been done twice."""

from datetime import timedelta
from typing import Final

from service.alerts import AlertKind, alert
from service.ledger.models import LedgerEntry, Progress
from service.queue import task
from service.services import Services

PATIENCE: Final = timedelta(seconds=30)
"""Between looks whether the other worker has come to an end."""


@task
def judge_late_answer(services: Services, *, entry_id: int, reference: str) -> None:
    """Alert an operator to what was done beside what the entry ended with, and have it given back where that can be.

    The other worker may just have found it: while the entry is open, this waits.
    """
    with services.sessions.begin() as session:
        entry = session.get_one(LedgerEntry, entry_id)
        if entry.progress in {Progress.READY, Progress.TRYING}:
            judge_late_answer.defer_in(session, PATIENCE, entry_id=entry_id, reference=reference)
        elif beside := sorted(set(reference.split(",")) - set(entry.reference.split(","))):
            details = {"entry": entry.kind, "reference": ", ".join(beside), "kept": entry.reference or entry.progress}
            alert(session, AlertKind.DONE_TWICE, f"ledger_entry:{entry.id}", **details)
            services.performers[entry.kind].give_back(session, services, entry, reference)
