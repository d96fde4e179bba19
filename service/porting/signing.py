"""Asking for a signature: the contact learns who has to sign; the signer gets the link to our own letter, if any."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.notifications.facts import About
from service.notifications.notices import SignatureNotice, SignatureWanted, SignHere
from service.notifications.notify import Recipient, notify
from service.porting.followers import alike, filed_with, notify_project
from service.porting.letters import Letter, letter_awaited, sign_link
from service.porting.models import PortHistory, PortNumber
from service.services import Services


def notify_signature_wanted(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """Ask for a signature, once for each filing, as each has one letter."""
    for group in alike(happened):
        number = group[0].port_number
        ask_to_sign(session, services, filed_with(number), group[0], SignatureWanted, str(number.attempt_id))


def ask_to_sign(
    session: Session,
    services: Services,
    numbers: list[PortNumber],
    wanted: PortHistory,
    kind: type[SignatureNotice],
    version: str,
) -> None:
    """Notify the contact who has to sign, in which mailbox the letter is, and since when; notify the signer of ours."""
    number, project = numbers[0], numbers[0].project
    letter = letter_awaited(session, number)
    notice = kind(
        signer=project.authorized_person,
        mailbox=project.authorized_email,
        asked_at=wanted.at,
        sign_until=letter.sign_by if letter else None,
    )
    notify_project(session, services, project, notice, version, numbers)
    if letter:
        _notify_signer(session, services, letter, numbers, version)


def _notify_signer(
    session: Session, services: Services, letter: Letter, numbers: list[PortNumber], version: str
) -> None:
    project = letter.project
    notice = SignHere(signer=project.authorized_person, holder=project.subscriber_name, sign_until=letter.sign_by)
    about = About(
        numbers=[one.number for one in numbers], link=sign_link(services, letter), zone=project.workspace.zone
    )
    recipient = Recipient(project.id, project.workspace_id, project.language, number="", email=project.authorized_email)
    notify(session, services, recipient, about, notice, version)
