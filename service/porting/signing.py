"""Asking for a signature: the person we tell learns whose it is; the signer gets our own letter where there is one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.notifications.effects import tell
from service.notifications.models import Message
from service.porting.followers import alike, filed_with, tell_project
from service.porting.letters import Letter, letter_awaited, sign_link
from service.porting.models import PortHistory, PortNumber
from service.services import Services


def tell_signature_wanted(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """Ask for the signature: who signs, and in which mailbox the letter lies. One letter for each filing."""
    for group in alike(happened):
        number = group[0].port_number
        ask_to_sign(session, services, filed_with(number), group[0], Message.SIGNATURE_WANTED, str(number.attempt_id))


def ask_to_sign(
    session: Session,
    services: Services,
    numbers: list[PortNumber],
    wanted: PortHistory,
    message: Message,
    version: str,
) -> None:
    """Tell who has to sign, where the letter went, and since when it waits; our own letter goes to its signer again."""
    number, project = numbers[0], numbers[0].project
    letter = letter_awaited(session, number)
    facts = {
        "signer": project.authorized_person,
        "mailbox": project.authorized_email,
        "asked_at": wanted.at.isoformat(),
        "sign_until": letter.sign_until.date().isoformat() if letter else None,
    }
    tell_project(session, services, project, message, version, numbers, **facts)
    if letter:
        _tell_signer(session, services, letter, numbers, version, facts)


def _tell_signer(
    session: Session, services: Services, letter: Letter, numbers: list[PortNumber], version: str, facts: dict[str, Any]
) -> None:
    project = letter.project
    link = {"link": sign_link(services, letter), "holder": project.subscriber_name}
    named = {"numbers": [one.number for one in numbers], "zone": project.workspace.zone}
    tell(
        session,
        services,
        project_id=project.id,
        message=Message.SIGN_HERE,
        version=version,
        language=project.language,
        number="",
        email=project.authorized_email,
        facts=facts | link | named,
    )
