"""What jobs have asked of carriers' APIs, so that it can be told afterwards what became of a number.

A row is written after its request, in a transaction of its own: it tells also of jobs that failed.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, Index, String, delete, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from provisioning.sent import Sent
from service.db import Base, Key, Made, Sessions, run_alone
from service.time import now

log = logging.getLogger(__name__)


class CarrierCall(Base):
    """A request to a carrier, of a job with these `ids`. `status` is 0 if no answer came.

    `request` is the id of the request to us from which it follows, "" if from none. Kept for `CALLBACK_DAYS`.
    """

    __tablename__ = "carrier_calls"
    __table_args__ = (
        Index("ix_carrier_calls_ids", "ids", postgresql_using="gin", postgresql_ops={"ids": "jsonb_path_ops"}),
    )

    id: Mapped[Key]
    at: Mapped[Made] = mapped_column(index=True)
    task: Mapped[str] = mapped_column(String(64))
    ids: Mapped[dict[str, Any]]
    request: Mapped[str] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(8))
    host: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(200))
    status: Mapped[int]
    seconds: Mapped[float] = mapped_column(Float)


def keep_calls(sessions: Sessions, sent: Sequence[Sent], *, task: str, ids: Mapping[str, Any], request: str) -> None:
    """Keep what a job has sent. That they could not be kept is no reason to do the job again."""
    job = {"task": task, "ids": dict(ids), "request": request, "at": now()}
    rows = [
        job
        | {"verb": one.verb, "host": one.host[:64], "path": one.path[:200], "status": one.status}
        | {"seconds": one.seconds}
        for one in sent
    ]
    try:
        if rows:
            run_alone(sessions, insert(CarrierCall).values(rows))
    except SQLAlchemyError as error:
        log.warning("calls at a carrier not kept", extra={"trouble": type(error).__name__})


def forget_calls(session: Session, days: int) -> None:
    """Delete those that are older."""
    oldest: datetime = now() - timedelta(days=days)
    session.execute(delete(CarrierCall).where(CarrierCall.at < oldest))
