"""`portline new-sealing-key` and `new-vapid-key`: commands that work before there are any settings."""

import click
from cryptography.fernet import Fernet
from flask import Flask

from service.vapid import new_key

app = Flask(__name__)


@app.cli.command("new-sealing-key", with_appcontext=False)
def new_sealing_key() -> None:
    """Print a fresh key for SEALING_KEYS: put it first and keep the old ones behind it."""
    click.echo(Fernet.generate_key().decode())


@app.cli.command("new-vapid-key", with_appcontext=False)
def new_vapid_key() -> None:
    """Print a fresh key for VAPID_KEY. Make it once: browsers that allowed notifications take none of another key."""
    click.echo(new_key())
