"""In which language and zone a page speaks."""

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
"""Each language in its own words."""


def set_up_languages(app: Flask) -> None:
    """Pick the language of each page: chosen here, the person's own, or what their browser asks for."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parents[1] / "locales")
    Babel(app, locale_selector=language, timezone_selector=_zone)
    app.before_request(_take_language_of_link)
    app.jinja_env.globals.update(language_now=language_now, languages=NAMES)


def language() -> Language:
    """The language of this request."""
    chosen = session.get("language") or getattr(current_user, "language", None) or g.get("language")
    return Language(chosen or request.accept_languages.best_match(list(Language), Language.ENGLISH))


def use_language(language: Language) -> None:
    """Speak this language on a page for somebody we do not know otherwise."""
    g.language = language
    refresh()


def _take_language_of_link() -> None:
    """Our messages link to pages in the language they are written in."""
    named = request.args.get("in", "")
    if named in set(Language) and not current_user.is_authenticated:
        session.setdefault("language", named)


def language_now() -> str:
    """The page's language as a BCP 47 tag."""
    return str(get_locale() or Language.ENGLISH)


def _zone() -> str:
    return str(g.get("zone", "UTC"))
