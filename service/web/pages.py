"""All pages, put on an app."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from service.services import Services
from service.web import (
    answers,
    attachments,
    bring,
    calls,
    changes,
    contacts,
    day,
    desk,
    front,
    greetings,
    handling,
    health,
    home,
    inbox,
    inbox_settings,
    invitations,
    join,
    line,
    many,
    move,
    notices,
    own_number,
    plan,
    ports,
    replies,
    sign,
    signin,
    signup,
    steps,
    team,
    where,
    worklist,
)
from service.web.doors import close_doors
from service.web.errors import show_refusals
from service.web.inbox_words import lend_words as lend_inbox_words
from service.web.languages import speak
from service.web.lighter import make_small
from service.web.questions import how_far
from service.web.words import lend_words

BLUEPRINTS = (
    front.blueprint,
    health.blueprint,
    signup.blueprint,
    signin.blueprint,
    home.blueprint,
    inbox.blueprint,
    calls.blueprint,
    answers.blueprint,
    handling.blueprint,
    attachments.blueprint,
    contacts.blueprint,
    replies.blueprint,
    inbox_settings.blueprint,
    line.blueprint,
    plan.blueprint,
    greetings.blueprint,
    bring.blueprint,
    many.blueprint,
    steps.blueprint,
    ports.blueprint,
    own_number.blueprint,
    move.blueprint,
    where.blueprint,
    day.blueprint,
    sign.blueprint,
    team.blueprint,
    invitations.blueprint,
    join.blueprint,
    changes.blueprint,
    notices.blueprint,
    desk.blueprint,
    worklist.blueprint,
)


def register(app: Flask, services: Services) -> None:
    """Put the pages on an app. Each needs a session unless it stands in `public.py`."""
    app.extensions["services"] = services
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    Bootstrap5(app)
    make_small(app)
    speak(app)
    close_doors(app, services)
    show_refusals(app)
    lend_words(app)
    app.add_template_global(how_far)
    lend_inbox_words(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


LARGEST_UPLOAD = 11 * 1024 * 1024
"""Bytes: a little more than the largest bill, so that one slightly too large is refused beside its field."""
