"""Composes an e-mail from a template of one file a language: its subject, its lines, and what its link is for."""

from collections.abc import Mapping
from pathlib import Path

from service.language import Language
from service.notifications.blocks import block, line
from service.notifications.bodies import Body, html_of, text_of
from service.services import Mail


def compose(
    folder: Path, language: Language, facts: Mapping[str, object], *, to: str, message_id: str, link: str = ""
) -> Mail:
    """The e-mail to an address. With a `link` (an absolute URL) the template has a block `step`."""
    template = folder / f"{language}.txt"
    step = line(template, "step", facts) if link else ""
    body = Body(lines=block(template, "body", facts), step=step, link=link)
    subject = line(template, "subject", facts)
    return Mail(to, subject, text_of(body), html_of(body, language), message_id=message_id)
