"""Commands for operators: `flask --app wsgi <command>`."""

import click
from cryptography.fernet import Fernet
from flask import Flask

from service.callbacks import set_up_carrier
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Put the commands on an app."""

    @app.cli.command("new-sealing-key")
    def new_sealing_key() -> None:
        """Print a fresh key for SEALING_KEYS: put it first and keep the old ones behind it."""
        click.echo(Fernet.generate_key().decode())

    @app.cli.command("set-up-carrier")
    @click.option("--buy-platform-number", is_flag=True, help="Buy PLATFORM_NUMBER if the account lacks it.")
    def set_up(*, buy_platform_number: bool) -> None:
        """Have the carrier send its callbacks here, and route the number our own texts leave from."""
        set_up_carrier(services, buy_platform_number=buy_platform_number)
        click.echo(f"Porting callbacks go to {services.webhook(services.home, 'porting')}")
