"""The web application: pages for people, an API for programs, webhooks for carriers."""

from flask import Flask

import webhooks.door
from service import cli, figures
from service.api import app as api
from service.http_figures import HttpFigures
from service.request_log import log_requests
from service.services import Services
from service.trace import commands as trace
from service.trace import page as trace_page
from service.web import pages
from service.web.shell import health


def create_app(services: Services) -> Flask:
    """Build the application around services that were wired before."""
    app = Flask("service.web", static_folder="shell/static", template_folder=None)
    pages.register(app, services)
    api.register(app)
    requests = HttpFigures()
    figures.register(app, services, requests)
    webhooks.door.register(app, services)
    cli.register(app, services)
    trace.register(app, services)
    app.register_blueprint(trace_page.blueprint)
    log_requests(app, services.settings.trusted_proxies, requests)
    return app


def create_callback_app(services: Services) -> Flask:
    """Build what only takes callbacks and answers ringing calls, for processes that no page can keep busy."""
    app = Flask("webhooks", static_folder=None, template_folder=None)
    app.extensions["services"] = services
    app.register_blueprint(health.blueprint)
    requests = HttpFigures()
    figures.register(app, services, requests)
    webhooks.door.register(app, services)
    log_requests(app, services.settings.trusted_proxies, requests)
    return app
