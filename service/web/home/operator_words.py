"""The operator's texts as pages show them: Markdown made into HTML, without what could run."""

import nh3
from markdown import markdown
from markupsafe import Markup

from service.operator_texts import Topic, read
from service.web.shell.context import services
from service.web.shell.languages import language


def operator_words(topic: Topic) -> Markup | None:
    """A text in the page's language, else in one that it is written in; None while there is none."""
    text = read(services().settings.operator_texts, topic, language())
    if not text:
        return None
    words = Markup(nh3.clean(markdown(text.markdown)))  # noqa: S704 -- cleaned
    return Markup('<div class="prose" lang="{}">{}</div>').format(text.language, words)
