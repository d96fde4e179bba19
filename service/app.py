"""The web application: pages for people, webhooks for carriers."""

from flask import Flask

import webhooks.views
from service import cli, figures
from service.services import Services
from service.web import pages


def create_app(services: Services) -> Flask:
    """Build the application around services that were wired before."""
    app = Flask("service.web")
    pages.register(app, services)
    figures.register(app, services)
    webhooks.views.register(app, services)
    cli.register(app, services)
    return app
