"""Commands about people: who works at the porting desk, and who has lost their second step."""

from collections.abc import Callable

import click
from flask import Flask
from sqlalchemy.orm import Session

from service.accounts.desk import seat, unseat
from service.accounts.second_step import forget_by_address
from service.errors import NotFound
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("porting-desk")
    @click.argument("email")
    @click.option("--leave", is_flag=True, help="Take the desk away from them again.")
    def porting_desk(email: str, *, leave: bool) -> None:
        """Give one of us the porting desk's pages: every alert, every port, and those worked by hand."""
        _change(services, email, unseat if leave else seat)

    @app.cli.command("forget-second-step")
    @click.argument("email")
    def forget_second_step(email: str) -> None:
        """Forget the passkeys, app and recovery codes of a person who has lost them, and sign them out everywhere."""
        _change(services, email, forget_by_address)


def _change(services: Services, email: str, change: Callable[[Session, str], None]) -> None:
    try:
        with services.sessions.begin() as session:
            change(session, email)
    except NotFound as refusal:
        raise click.ClickException(str(refusal)) from None
