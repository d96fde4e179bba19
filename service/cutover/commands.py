"""Commands of the cutover for operators."""

from datetime import datetime

import click
from flask import Flask

from service.commands import refusing
from service.cutover.pool_moves import MEANWHILE, choose_day
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("move-texts")
    @click.argument("workspace", type=int)
    @click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
    def move_texts(workspace: int, day: datetime) -> None:
        """Have the numbers of a workspace, by its id, move to their business's own registration on a day."""
        with refusing(), services.sessions.begin() as session:
            choose_day(session, workspace, day.date())
        click.echo(MEANWHILE)
