"""The language, time zone and country of pages."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from babel.core import get_global
from flask import Flask, g, has_app_context, request, session
from flask_babel import Babel, Domain, get_locale, refresh
from flask_security import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from service.language import Language
from service.names import isolated
from service.phone_numbers import HOME

NAMES = {
    Language.ENGLISH: "English",
    Language.SWEDISH: "Svenska",
    Language.SPANISH: "Español",
    Language.FRENCH: "Français",
}
"""Each language's name in that language."""


def set_up_languages(app: Flask) -> None:
    """Choose each page's language: the one chosen here, the person's own, or the one the browser prefers."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parents[1] / "locales")
    babel = Babel(app, locale_selector=language, timezone_selector=_zone)
    babel.domain_instance = _Domain()  # type: ignore[no-untyped-call]
    said: dict[str, Any] = app.jinja_env.globals
    said.update({name: _isolating(said[name]) for name in ("gettext", "ngettext")})
    app.before_request(_take_language_of_link)
    app.add_template_filter(isolated)
    app.jinja_env.globals.update(language_now=language_now, languages=NAMES)


def language() -> Language:
    """The language of this request."""
    chosen = session.get("language") or getattr(current_user, "language", None) or g.get("language")
    return Language(chosen or request.accept_languages.best_match(list(Language), Language.ENGLISH))


def use_language(language: Language) -> None:
    """Use this language on a page for visitors without an account."""
    g.language = language
    refresh()


class _Domain(Domain):
    """Sentences of the code, in which no name turns what stands around it."""

    def gettext(self, string: str, **facts: object) -> str:
        """The sentence with its facts."""
        return str(super().gettext(string, **_isolated(facts)))  # type: ignore[no-untyped-call]

    def ngettext(self, singular: str, plural: str, num: int, **facts: object) -> str:
        """The sentence for a count, with its facts."""
        return str(super().ngettext(singular, plural, num, **_isolated(facts)))  # type: ignore[no-untyped-call]


def _isolating(say: Callable[..., str]) -> Callable[..., str]:
    """The same for sentences of templates: a function that says a sentence, with its facts isolated."""

    @pass_context
    def said(context: Context, /, *words: object, **facts: object) -> str:
        return say(context, *words, **_isolated(facts))

    return said


def _isolated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a sentence; those that are texts as `isolated` has them, and escaped as they were."""
    return {name: type(fact)(isolated(fact)) if type(fact) in {str, Markup} else fact for name, fact in facts.items()}


def _take_language_of_link() -> None:
    """Use the language that a link in our mail names, unless another is chosen already."""
    named = request.args.get("in", "")
    if named in set(Language) and not current_user.is_authenticated:
        session.setdefault("language", named)


def language_now() -> str:
    """The page's language as a BCP 47 tag."""
    return str(get_locale() or Language.ENGLISH)


def country_now() -> str:
    """ISO code of the country of the time zone, whose numbers are understood without the country's code."""
    return str(get_global("zone_territories").get(g.get("zone"), HOME)) if has_app_context() else HOME


def _zone() -> str:
    return str(g.get("zone", "UTC"))
