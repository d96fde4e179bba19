"""The world that the current application serves, and the account of the current request."""

from flask import current_app, g

from sandbox.records import Account
from sandbox.world import World


def the_world() -> World:
    """The world of the current application."""
    world: World = current_app.extensions["sandbox"]
    return world


def asking() -> Account:
    """The account a request acts on: the authenticated one, or its subaccount if the path names one."""
    account: Account = g.account
    return account
