"""The command that erases a workspace."""

import click
from flask import Flask

from service.commands import refusing
from service.erasing.workspaces import erase_workspace
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the command to an app."""

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
