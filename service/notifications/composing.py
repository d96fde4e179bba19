"""Composes an e-mail from a template of one file a language: its subject, its lines, and what its link is for."""

from collections.abc import Mapping
from pathlib import Path

from service.brands import Brand
from service.language import Language
from service.notifications.blocks import block, line
from service.notifications.bodies import Body, html_of, text_of
from service.services import Mail


def compose(
    folder: Path,
    language: Language,
    facts: Mapping[str, object],
    *,
    brand: Brand,
    to: str,
    message_id: str,
    path: str = "",
) -> Mail:
    """The e-mail to an address. With a `path`, which begins with a slash, the template has a block `step`."""
    template, known = folder / f"{language}.txt", {"brand": brand.name, **facts}
    step = line(template, "step", known) if path else ""
    link = f"{brand.base_url}{path}" if path else ""
    body = Body(lines=block(template, "body", known), step=step, link=link, brand=brand.name)
    subject = line(template, "subject", known)
    return Mail(to, subject, text_of(body), html_of(body, language), message_id=message_id, brand=brand.name)
