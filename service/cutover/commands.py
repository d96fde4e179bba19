"""Commands for operators about numbers that are held, and transfers that were rejected."""

from datetime import datetime

import click
from flask import Flask

from service.commands import refusing
from service.cutover.arranging import release_now
from service.cutover.pool_moves import MEANWHILE, choose_day
from service.porting.models import Cause
from service.porting.projects import correct
from service.porting.queries import project_named
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

    @app.cli.command("release-number")
    @click.argument("number")
    def release_number(number: str) -> None:
        """Release a number (E.164) of a customer at its carrier, at once: also one that was transferred here."""
        with refusing(), services.sessions.begin() as session:
            release_now(session, number)

    @app.cli.command("file-again")
    @click.argument("port")
    def file_again(port: str) -> None:
        """File the rejected numbers of a transfer again as they are. PORT is the end of its page's address."""
        with refusing(), services.sessions.begin() as session:
            correct(session, services, project_named(session, port), {}, Cause.STAFF)
