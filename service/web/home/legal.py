"""Terms and privacy, as the operator of this installation wrote them."""

from flask import Blueprint, render_template

from service.operator_texts import Topic
from service.web.home.operator_words import operator_words

blueprint = Blueprint("legal", __name__)


@blueprint.get("/terms")
def terms() -> str:
    """The terms of the service."""
    return _page(Topic.TERMS)


@blueprint.get("/privacy")
def privacy() -> str:
    """What happens to people's data."""
    return _page(Topic.PRIVACY)


def _page(topic: Topic) -> str:
    """The operator's text, or that there is none yet and whom to ask."""
    return render_template("home/legal.html", topic=topic, words=operator_words(topic))
