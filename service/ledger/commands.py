"""Commands about entries that are parked."""

import click
from flask import Flask

from service.commands import refusing
from service.ledger.parked import look_again, parked, was_not_done
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("parked")
    def list_parked() -> None:
        """List the entries of which it is unknown whether they were done, with the tag that the carrier shows."""
        with services.sessions() as session:
            for entry in parked(session):
                click.echo(f"{entry.tag}  {entry.kind}  owed since {entry.owed_at.isoformat()}: {entry.trouble}")

    @app.cli.command("look-again")
    @click.argument("tag")
    def look(tag: str) -> None:
        """Have a parked entry looked for at the carrier once more, and done if it is not there."""
        with refusing(), services.sessions.begin() as session:
            look_again(session, tag)

    @app.cli.command("was-not-done")
    @click.argument("tag")
    def not_done(tag: str) -> None:
        """Have a parked entry done that you did not find at the carrier. It is not looked for again."""
        with refusing(), services.sessions.begin() as session:
            was_not_done(session, tag)
