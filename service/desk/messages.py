"""What the desk and a transfer's customer write to each other, on the transfer's page."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import User
from service.alerts import AlertKind, alert
from service.desk.comments import checked
from service.desk.correspondence import TransferMessage
from service.desk.customer_mail import mail_transfer_message
from service.desk.log import DeskAct, write_down
from service.porting.models import PortProject


def write_to_customer(session: Session, project: PortProject, author: User, text: str) -> None:
    """Write to the customer, whose contact gets it by mail too. Raises `Invalid` on the field `message`."""
    message = _keep(session, project, author, text, from_desk=True)
    write_down(session, project, author.id, DeskAct.WROTE)
    mail_transfer_message.defer(session, message_id=message.id)


def write_to_desk(session: Session, project: PortProject, author: User, text: str) -> None:
    """Write to the desk, which is alerted to it. Raises `Invalid` on the field `message`."""
    _keep(session, project, author, text, from_desk=False)
    alert_desk(session, project)


def alert_desk(session: Session, project: PortProject) -> None:
    """Have the desk look at what a customer wrote or answered."""
    if project.numbers:
        alert(session, AlertKind.CUSTOMER_WROTE, f"port_number:{project.numbers[0].id}")


def messages_of(session: Session, project: PortProject, most: int) -> list[TransferMessage]:
    """The latest messages about a transfer, newest first."""
    rows = select(TransferMessage).where(TransferMessage.project_id == project.id)
    rows = rows.options(joinedload(TransferMessage.author)).order_by(TransferMessage.id.desc())
    return list(session.scalars(rows.limit(most)))


def _keep(session: Session, project: PortProject, author: User, text: str, *, from_desk: bool) -> TransferMessage:
    text = checked(project, "message", text)
    message = TransferMessage(project_id=project.id, author_id=author.id, from_desk=from_desk, text=text)
    session.add(message)
    session.flush()
    return message
