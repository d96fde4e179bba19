"""Accounts that their owners close."""

from service.erasing.closing_day import closing_workspaces, go_on
from service.schedule.run_each import run_each
from service.services import Services


def close_accounts(services: Services) -> None:
    """Remind of accounts that close, release the numbers of those whose day has come, and have them erased."""
    with services.sessions() as session:
        workspace_ids = closing_workspaces(session)
    run_each(services, workspace_ids, go_on)
