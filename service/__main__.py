"""The command `portline`: every process, and every command for operators. In a checkout it is `python -m service`.

A process replaces the command, so that signals and exit codes are its own.
"""

import os
import sys
from typing import Final

import click
from flask import Flask
from flask.cli import FlaskGroup

from service.keys import new_sealing_key, new_vapid_key
from service.schema import migrations

GUNICORN: Final = ("gunicorn", "--config", "python:service.gunicorn_settings")

_FORWARDING: Final = {"ignore_unknown_options": True}


class _Commands(FlaskGroup):
    """The commands of the application too, where its settings allow it to be built."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them; without settings those that need none, below what is wrong with the settings."""
        try:
            return super().list_commands(ctx)
        except SystemExit:
            return sorted(self.commands)


def _application() -> Flask:
    import wsgi

    return wsgi.app


@click.command("migrate")
def migrate() -> None:
    """Bring the tables of the database up to this version."""
    from alembic import command

    command.upgrade(migrations(), "head")


@click.command("web", context_settings=_FORWARDING)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def web(options: tuple[str, ...]) -> None:
    """Serve pages, and callbacks where no `callbacks` runs, on 127.0.0.1:8000. OPTIONS are gunicorn's."""
    _become(*GUNICORN, *options, "wsgi:app")


@click.command("callbacks", context_settings=_FORWARDING)
@click.option("--bind", default="127.0.0.1:8001", help="Where to serve.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def callbacks(bind: str, options: tuple[str, ...]) -> None:
    """Serve callbacks and ringing calls alone, on 127.0.0.1:8001. OPTIONS are gunicorn's."""
    _become(*GUNICORN, "--bind", bind, *options, "wsgi_callbacks:app")


@click.command("worker")
def worker() -> None:
    """Read callbacks, and do all that is sent or asked elsewhere."""
    _become("service.worker")


@click.command("clock")
def clock() -> None:
    """Ask what is due."""
    _become("service.clockwork")


@click.command("live")
def live() -> None:
    """Say to open pages what has changed, on LIVE_BIND."""
    _become("service.live")


def _become(*module: str) -> None:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 -- our own modules


main = _Commands(
    name="portline",
    help="Start a process of Portline, or run a command for operators. Settings come from the environment and `.env`.",
    create_app=_application,
    add_default_commands=False,
    add_version_option=False,
)
for each in (migrate, web, callbacks, worker, clock, live, new_sealing_key, new_vapid_key):
    main.add_command(each)

if __name__ == "__main__":
    main(prog_name="portline")
