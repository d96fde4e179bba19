"""Every module that registers a task, a performer or a follower, imported in one place: a process has all or none."""

from importlib import import_module
from typing import Final

MODULES: Final = (
    "service.accounts.effects",
    "service.accounts.letters",
    "service.audit.effects",
    "service.backfill.effects",
    "service.callbacks",
    "service.calls.effects",
    "service.calls.greetings",
    "service.cutover.effects",
    "service.cutover.ending",
    "service.cutover.half_ports",
    "service.cutover.readiness",
    "service.cutover.trials",
    "service.inbox.effects",
    "service.ledger.promises",
    "service.lines.effects",
    "service.lines.own_number",
    "service.notifications.effects",
    "service.porting.bills",
    "service.porting.effects",
    "service.porting.filing",
    "service.porting.followers",
    "service.porting.signing",
    "service.team.delivery",
)


def register() -> None:
    """Import them all; importing again does nothing."""
    for module in MODULES:
        import_module(module)
