"""The commands that close an account, keep it after all, and erase a person or a workspace."""

import click
from flask import Flask

from service.commands import refusing
from service.erasing.closing import close, keep
from service.erasing.people import erase_by_address
from service.erasing.workspaces import erase_workspace, workspace_called
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("close-account")
    @click.argument("workspace_id", type=int)
    @click.argument("name")
    def close_account(workspace_id: int, name: str) -> None:
        """Close an account in 30 days, as its owner does on its page, by its id and, to be sure, its NAME."""
        with refusing(), services.sessions.begin() as session:
            closes_at = close(session, workspace_called(session, workspace_id, name), None)
        click.echo(f"It closes at {closes_at:%Y-%m-%d %H:%M} UTC. Its owner and admins are mailed.")

    @app.cli.command("keep-account")
    @click.argument("workspace_id", type=int)
    @click.argument("name")
    def keep_account(workspace_id: int, name: str) -> None:
        """Keep an account that is to be closed, by its id and NAME, until its day has come."""
        with refusing(), services.sessions.begin() as session:
            keep(session, workspace_called(session, workspace_id, name), None)
        click.echo("It stays open.")

    @app.cli.command("erase-person")
    @click.argument("email")
    def erase_one(email: str) -> None:
        """Erase a person by their address: name, address, devices and all that lets them in; what they wrote stays."""
        with refusing(), services.sessions.begin() as session:
            erase_by_address(session, email)
        click.echo("They left every team. A worker deletes their name and address now.")

    @app.cli.command("erase-workspace")
    @click.argument("workspace_id", type=int)
    @click.argument("name")
    @click.option(
        "--gone",
        multiple=True,
        help="A number (E.164) that has left by a port-out, before we learned it; may be given again.",
    )
    def erase(workspace_id: int, name: str, gone: tuple[str, ...]) -> None:
        """Erase a workspace that holds no number any more, by its id and, so that it is the right one, its NAME."""
        with refusing(), services.sessions.begin() as session:
            letters, registered = erase_workspace(session, workspace_id, name, gone)
        click.echo(f"Erased. {letters} signed letters are kept for two years from their signature.")
        if registered:
            click.echo(f"Delete what it registered in the carrier's console: {', '.join(registered)}")
