"""What the customer tells us of the account at the old operator: form fields and the bill."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.porting.bill_files import BillFile
from service.porting.bills import read_soon
from service.porting.models import Document, PortProject
from service.time import now


def revise(session: Session, project: PortProject, changes: Mapping[str, Any]) -> None:
    """Store checked form fields in a project. A secret field that is left empty keeps its value."""
    for field, value in changes.items():
        if value or field not in {"pin", "account_number", "subscriber_id"}:
            setattr(project, field, value)
    if changes.get("pin"):
        project.pin_at = now()
    project.touched_at = now()
    session.flush()


def add_bill(session: Session, project: PortProject, file: BillFile) -> Document:
    """Store the bill, in place of an earlier one."""
    project.documents.clear()
    bill = Document(
        project=project,
        name=file.name[-200:],
        media_type=file.media_type,
        size=len(file.content),
        content=file.content,
    )
    project.touched_at = now()
    session.add(bill)
    session.flush()
    read_soon(session, bill)
    return bill
