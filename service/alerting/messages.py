"""The message to operators about the alerts of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from uuid import uuid4

from service.alerts import Alert, severity_of
from service.config import Settings
from service.logs import shortened
from service.services import Mail

NAMED: Final = 10
"""So many alerts of a kind are named in its message; of the rest it tells the count."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in plain text."""

    kind: str
    title: str
    text: str

    def mail(self, to: str) -> Mail:
        """As an e-mail to one address."""
        message_id = f"<alert-{uuid4()}@portline>"
        return Mail(to, self.title, self.text, f"<pre>{escape(self.text)}</pre>", message_id=message_id)


def message_about(kind: str, alerts: Sequence[Alert], settings: Settings) -> Message:
    """What alerts of one kind are about, how severe it is, and where the runbook says what to do.

    Phone numbers are shortened, as it leaves for services that are not ours.
    """
    count = f" ({len(alerts)})" if len(alerts) > 1 else ""
    title = f"[{severity_of(kind)}] {kind.replace('_', ' ').capitalize()}{count}"
    lines = [_line(alert) for alert in alerts[:NAMED]]
    if len(alerts) > NAMED:
        lines.append(f"and {len(alerts) - NAMED} more")
    links = [f"What to do: {settings.runbook_url}#{kind}", f"All alerts: {settings.public_base_url}/desk/"]
    return Message(kind, title, shortened("\n".join([*lines, "", *links])))


def _line(alert: Alert) -> str:
    details = ", ".join(f"{name}: {value}" for name, value in alert.details.items())
    return f"{alert.made_at:%Y-%m-%d %H:%M} UTC  {alert.about}  {details}".rstrip()
