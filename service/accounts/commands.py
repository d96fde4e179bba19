"""Commands about people and workspaces: who is invited, works at the desk, lost their second step, or is paused."""

from collections.abc import Callable
from functools import partial

import click
from flask import Flask
from sqlalchemy.orm import Session

from service.accounts.desk import seat, unseat
from service.accounts.models import Workspace
from service.accounts.platforms import appoint
from service.accounts.second_step import forget_by_address
from service.accounts.sign_up_links import token_for
from service.commands import refusing
from service.errors import NotFound
from service.services import Services
from service.spending import allowances


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("porting-desk")
    @click.argument("email")
    @click.option("--leave", is_flag=True, help="Take the desk away from them again.")
    def porting_desk(email: str, *, leave: bool) -> None:
        """Give one of us the porting desk's pages: every alert, every port, and those worked by hand."""
        _change(services, email, unseat if leave else seat)

    @app.cli.command("invite")
    @click.argument("email")
    def invite(email: str) -> None:
        """Print the link by which a person with this address may sign up where SIGN_UP is `invitation`."""
        token = token_for(email, services.settings.secret_keys)
        click.echo(f"{services.settings.public_base_url}/sign-up?invited={token}")

    @app.cli.command("pause")
    @click.argument("workspace_id", type=int)
    @click.option("--lift", is_flag=True, help="End the pause.")
    def pause_workspace(workspace_id: int, *, lift: bool) -> None:
        """Stop all that a workspace, by its id, sends, calls, buys and transfers; what comes in goes on."""
        with refusing(), services.sessions.begin() as session:
            if session.get(Workspace, workspace_id) is None:
                raise NotFound("There is no such workspace.")
            (allowances.lift if lift else allowances.pause)(session, workspace_id)

    @app.cli.command("platform")
    @click.argument("email")
    @click.argument("most", type=click.IntRange(0, 1_000_000))
    def platform(email: str, most: int) -> None:
        """Let the workspace of its owner open up to MOST workspaces for customers of its own, by the API."""
        _change(services, email, partial(appoint, most=most))

    @app.cli.command("forget-second-step")
    @click.argument("email")
    def forget_second_step(email: str) -> None:
        """Forget the passkeys, app and recovery codes of a person who has lost them, and sign them out everywhere."""
        _change(services, email, forget_by_address)


def _change(services: Services, email: str, change: Callable[[Session, str], None]) -> None:
    with refusing(), services.sessions.begin() as session:
        change(session, email)
