"""The command that tells what happened to a number."""

import click
from flask import Flask

from service.phone_numbers import NotANumber, read_alone
from service.services import Services
from service.trace.timeline import Event, timeline


def register(app: Flask, services: Services) -> None:
    """Add the command to an app."""

    @app.cli.command("trace")
    @click.argument("number")
    def trace(number: str) -> None:
        """Tell all that is known of NUMBER: its history, orders, callbacks, jobs, notices and calls at carriers."""
        try:
            asked = read_alone(number, services.settings.countries[0]).number
        except NotANumber as refusal:
            raise click.ClickException(refusal.sentence) from None
        with services.sessions() as session:
            events = timeline(session, asked)
        for event in events:
            click.echo(_shown(event))
        if not events:
            raise click.ClickException(f"Nothing is known of {asked}.")


def _shown(event: Event) -> str:
    """An event on a line, its details below."""
    line = f"{event.at.isoformat(timespec='seconds')}  {event.kind:8}  {event.what}"
    return "\n".join([line, *(f"{'':27}  {detail}" for detail in event.details.splitlines())])
