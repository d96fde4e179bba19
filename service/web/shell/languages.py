"""The language and time zone of pages."""

from pathlib import Path

from flask import Flask, g, request, session
from flask_babel import Babel, get_locale, refresh
from flask_security import current_user

from service.language import Language

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
    Babel(app, locale_selector=language, timezone_selector=_zone)
    app.before_request(_take_language_of_link)
    app.jinja_env.globals.update(language_now=language_now, languages=NAMES)


def language() -> Language:
    """The language of this request."""
    chosen = session.get("language") or getattr(current_user, "language", None) or g.get("language")
    return Language(chosen or request.accept_languages.best_match(list(Language), Language.ENGLISH))


def use_language(language: Language) -> None:
    """Use this language on a page for visitors without an account."""
    g.language = language
    refresh()


def _take_language_of_link() -> None:
    """Use the language that a link in our mail names, unless another is chosen already."""
    named = request.args.get("in", "")
    if named in set(Language) and not current_user.is_authenticated:
        session.setdefault("language", named)


def language_now() -> str:
    """The page's language as a BCP 47 tag."""
    return str(get_locale() or Language.ENGLISH)


def _zone() -> str:
    return str(g.get("zone", "UTC"))
