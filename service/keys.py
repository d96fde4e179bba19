"""`flask --app service.keys new-sealing-key`: a command that works before there are any settings."""

import click
from cryptography.fernet import Fernet
from flask import Flask

app = Flask(__name__)


@app.cli.command("new-sealing-key")
def new_sealing_key() -> None:
    """Print a fresh key for SEALING_KEYS: put it first and keep the old ones behind it."""
    click.echo(Fernet.generate_key().decode())
