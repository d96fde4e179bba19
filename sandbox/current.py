"""The world that the current application serves."""

from flask import current_app

from sandbox.world import World


def the_world() -> World:
    """The world of the current application."""
    world: World = current_app.extensions["sandbox"]
    return world
