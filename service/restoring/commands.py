"""Commands for the operator who restores a backup; `docs/operating.md` says in which order."""

from datetime import datetime
from typing import Final

import click
from flask import Flask

from service.commands import refusing
from service.restoring.identity import newest, this_database
from service.restoring.numbers import adopt_number, give_back_number
from service.restoring.orders import adopt_order, cancel_order
from service.restoring.restored import restored
from service.restoring.texts import adopt_texts
from service.services import Services
from service.time import now

MOMENT: Final = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"])
"""ISO 8601 with a zone: `2026-03-02T15:00Z`."""


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app. Each is about the home carrier unless `--carrier` names another."""
    _register_restored(app, services)
    _register_numbers(app, services)
    _register_orders(app, services)
    _register_texts(app, services)


_CARRIER: Final = click.option("--carrier", help="Its name as in CARRIERS, where it is not the first.")


def _register_restored(app: Flask, services: Services) -> None:
    @app.cli.command("restored")
    @click.option("--as-of", type=MOMENT, help="When the backup was made; without it, the rows tell.")
    def restored_backup(as_of: datetime | None) -> None:
        """Record that the database was restored. Run it before the worker is started."""
        if as_of and as_of > now():
            raise click.BadParameter("A backup was not made in the future.", param_hint="--as-of")
        with services.sessions.begin() as session:
            moment = as_of or newest(session)
            count = restored(session, moment, this_database(session))
        click.echo(f"Restored as of {moment.isoformat()}. {count} open entries are looked for before they are sent.")


def _register_numbers(app: Flask, services: Services) -> None:
    @app.cli.command("adopt-number")
    @click.argument("number")
    @click.argument("line_id", type=int)
    @_CARRIER
    def adopt(number: str, line_id: int, carrier: str | None) -> None:
        """Give a line without a number one (E.164) that only the carrier knows."""
        with refusing():
            adopt_number(services, carrier or services.home, number, line_id)

    @app.cli.command("give-back-number")
    @click.argument("number")
    @_CARRIER
    def give_back(number: str, carrier: str | None) -> None:
        """Give back a number (E.164) that only the carrier knows."""
        with refusing():
            give_back_number(services, carrier or services.home, number)


def _register_orders(app: Flask, services: Services) -> None:
    @app.cli.command("adopt-order")
    @click.argument("reference")
    @click.argument("port")
    @_CARRIER
    def adopt(reference: str, port: str, carrier: str | None) -> None:
        """Attach an order that only the carrier knows to its draft. PORT is the end of the draft page's address."""
        with refusing():
            adopt_order(services, carrier or services.home, reference, port)

    @app.cli.command("cancel-order")
    @click.argument("reference")
    @_CARRIER
    def cancel(reference: str, carrier: str | None) -> None:
        """Cancel an order that only the carrier knows."""
        with refusing():
            click.echo(cancel_order(services, carrier or services.home, reference))


def _register_texts(app: Flask, services: Services) -> None:
    @app.cli.command("adopt-texts")
    @click.option("--since", type=MOMENT, required=True, help="When the backup was made.")
    @_CARRIER
    def adopt(since: datetime, carrier: str | None) -> None:
        """Put texts that left and that only the carrier knows into their conversations."""
        with refusing():
            click.echo(f"{adopt_texts(services, carrier or services.home, since)} texts were adopted.")
