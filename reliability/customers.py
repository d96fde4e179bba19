"""Customers, made through the product's own use-cases."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from reliability.rig import Rig
from service.accounts.models import Workspace
from service.inbox import contacts, writing
from service.language import Language
from service.lines.inventory import open_line
from service.lines.models import Line, PhoneNumber
from service.notifications.facts import About
from service.notifications.notices import Done
from service.notifications.notify import Recipient, notify
from service.porting import details, drafts, projects
from service.porting.bill_files import bill_file
from service.porting.models import PortProject
from service.proven_numbers import prove
from service.services import Services
from service.time import now

CALLER: Final = "+14155550123"
"""An outside phone."""

PHONES: Final = 200
DONE: Final = Done(done_at=datetime(2026, 3, 2, 15, tzinfo=UTC))


def a_line(session: Session, services: Services) -> Line:
    """Add a workspace with a line, and owe the line its temporary number."""
    workspace = Workspace(name="Alice's Bakery")
    session.add(workspace)
    session.flush()
    return open_line(
        session,
        services,
        workspace_id=workspace.id,
        name="Main line",
        country="US",
        language=Language.ENGLISH,
        area="",
    )


def a_draft(session: Session, line: Line, number: str, *, phone: str, mail: str) -> PortProject:
    """Add a complete draft for one number, not sent yet; notices go to `phone` (E.164) and `mail`."""
    project = drafts.open_project(
        session, line=line, language=Language.ENGLISH, contact_number=phone, contact_email=mail
    )
    filled_in = {
        "subscriber_name": "Alice's Bakery LLC",
        "authorized_person": "Alice Baker",
        "authorized_email": mail,
        "street": "1 Main Street",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
        "agreed_at": now(),
    }
    details.revise(session, project, filled_in)
    details.add_bill(session, project, bill_file([("bill.png", _a_picture())]))
    drafts.add_numbers(session, project, [number])
    project.numbers[0].confirmed_at = now()
    prove(session, line.workspace_id, phone)
    return project


def begin_port(rig: Rig, customer: int) -> str:
    """Add a customer with a line and submit a port; the number to be ported (E.164)."""
    moved = f"+1{212 + customer // 700}{220 + customer % 700}2000"
    phone, mail = f"+1415555{5000 + customer}", f"alice{customer}@bakery.example"
    with rig.services.sessions.begin() as session:
        line_id = a_line(session, rig.services).id
    with rig.services.sessions.begin() as session:
        project = a_draft(session, session.get_one(Line, line_id), moved, phone=phone, mail=mail)
        projects.submit(session, rig.services, session.get_one(PortProject, project.id))
    return moved


def a_notified_project(rig: Rig) -> PortProject:
    """Add a project whose customer is told things; nothing is filed."""
    with rig.services.sessions.begin() as session:
        workspace = Workspace(name="Alice's Bakery")
        session.add(workspace)
        session.flush()
        project = PortProject(workspace=workspace, line=Line(workspace_id=workspace.id, name="Main line"))
        session.add(project)
        session.flush()
        return project


def owe_notices(rig: Rig, project: PortProject, which: Iterable[int]) -> None:
    """Owe a text for each number, in words of its own, to some phones."""
    with rig.services.sessions.begin() as session:
        for number in which:
            phone = f"+1415555{4000 + number % PHONES}"
            prove(session, project.workspace_id, phone)
            recipient = Recipient(project.id, project.workspace_id, project.language, phone, email="")
            link = f"https://portline.invalid/ports/{number}"
            about = About(numbers=["+12125552000"], link=link, zone="America/New_York")
            notify(session, rig.services, recipient, about, DONE, str(number))


def owe_message(services: Services, number: str, words: str) -> None:
    """Write a message to `CALLER`, who has called before, from the line that has this number."""
    with services.sessions.begin() as session:
        worn = session.scalars(select(PhoneNumber).where(PhoneNumber.number == number)).one()
        conversation = contacts.conversation_with(session, session.get_one(Line, worn.line_id), CALLER)
        conversation.heard += 1
        writing.write(session, conversation, words, None)


def until_all_can_text(rig: Rig, patience: float = 60.0) -> None:
    """Wait until every number is registered for texts. Raises `TimeoutError`."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with rig.services.sessions() as session:
            if not session.scalars(select(PhoneNumber.id).where(PhoneNumber.texts_since.is_(None))).all():
                return
        time.sleep(0.2)
    raise TimeoutError("a number cannot text")


def _a_picture() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    return picture.getvalue()
