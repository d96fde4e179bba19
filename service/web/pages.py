"""All pages, put on an app."""

from flask import Flask

from service.services import Services
from service.web import bring, desk, front, health, home, inbox, line, ports, signin, signup, steps

BLUEPRINTS = (
    front.blueprint,
    health.blueprint,
    signup.blueprint,
    signin.blueprint,
    home.blueprint,
    inbox.blueprint,
    line.blueprint,
    bring.blueprint,
    steps.blueprint,
    ports.blueprint,
    desk.blueprint,
)


def register(app: Flask, services: Services) -> None:
    """Put the pages on an app. Each needs a session unless it stands in `public.py`."""
