"""Commands about people and workspaces: who is invited, works at the desk, lost their second step, or is paused."""

from collections.abc import Callable
from functools import partial
from re import fullmatch
from typing import Any

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
    @click.option("--for", "platform_owner", default="", help="Only for the platform of this owner.")
    def porting_desk(email: str, platform_owner: str, *, leave: bool) -> None:
        """Give one of us the porting desk's pages: every alert, every port, and those worked by hand.

        With `--for` only the transfers of workspaces that this owner's platform opened.
        """
        _change(services, email, unseat if leave else partial(seat, platform_owner=platform_owner))

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

    @app.cli.command("forget-second-step")
    @click.argument("email")
    def forget_second_step(email: str) -> None:
        """Forget the passkeys, app and recovery codes of a person who has lost them, and sign them out everywhere."""
        _change(services, email, forget_by_address)

    _add_platform(app, services)


def _add_platform(app: Flask, services: Services) -> None:
    @app.cli.command("platform")
    @click.argument("email")
    @click.argument("most", type=click.IntRange(0, 1_000_000))
    @click.option("--numbers", "most_numbers", type=click.IntRange(0, 10_000_000), help="All of them together have.")
    @click.option("--texts", "most_texts", type=click.IntRange(0, 10_000_000), help="They send together on a day.")
    @click.option("--domain", callback=_domain, help="Its host, which leads here; its people reach us there.")
    def platform(email: str, most: int, **terms: Any) -> None:  # noqa: ANN401 -- as the options read them
        """Let the workspace of its owner open up to MOST workspaces for customers of its own, by the API.

        What is left out stays as it is.
        """
        told = {name: value for name, value in terms.items() if value is not None}
        _change(services, email, partial(appoint, most=most, **told))


def _domain(_: click.Context, __: click.Parameter, host: str | None) -> str | None:
    if host and not fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", host):
        raise click.BadParameter("a host in lower case, like numbers.example.com, without https://")
    return host


def _change(services: Services, email: str, change: Callable[[Session, str], None]) -> None:
    with refusing(), services.sessions.begin() as session:
        change(session, email)
