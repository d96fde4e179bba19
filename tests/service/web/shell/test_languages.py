"""Pages speak each language whole, and the one that is asked for."""

from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from babel.util import pathmatch
from flask_babel import force_locale, ngettext

import service
from service.language import Language
from service.time import now
from service.web.shell.languages import NAMES
from service.web.shell.sentences import sentences
from service.web.shell.words import clock

SERVICE = Path(service.__file__).parent
LOCALES = SERVICE / "web" / "locales"


def extraction():
    with (LOCALES / "babel.cfg").open() as settings:
        return parse_mapping_cfg(settings)


@cache
def said_in_english():
    found = extract_from_dir(SERVICE, *extraction())
    return {message[2][0] if isinstance(message[2], tuple) else message[2] for message in found}


def catalogue(language):
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as written:
        return read_po(written, abort_invalid=True)


def by_sentence(catalog):
    return {
        message.id[0] if isinstance(message.id, tuple) else message.id: message for message in catalog if message.id
    }


def test_sentences_are_extracted_only_from_files_that_are_there():
    files = [str(path.relative_to(SERVICE)) for path in SERVICE.rglob("*") if path.suffix in {".py", ".html"}]
    methods, _ = extraction()
    assert [pattern for pattern, _ in methods if not any(pathmatch(pattern, file) for file in files)] == []


TRANSLATED = [language for language in Language if language is not Language.ENGLISH]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_keeps_a_sentence_that_is_said_no_more(language):
    assert by_sentence(catalogue(language)).keys() - said_in_english() == set(), "run: make translations"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_said_in_every_language(language):
    catalog = catalogue(language)
    said = by_sentence(catalog)
    spoken = {name for name, message in said.items() if message.string and not message.fuzzy}
    assert said_in_english() - spoken == set(), "said in English only"
    assert [error for message in catalog for error in message.check(catalog)] == []


@pytest.mark.parametrize("language", Language)
def test_what_is_counted_is_said_of_one_and_of_many(app, language):
    with app.test_request_context(), force_locale(language.value):
        one, many = (ngettext("%(num)d account", "%(num)d accounts", count) for count in (1, 2))
    assert {one, many} == {
        Language.ENGLISH: {"1 account", "2 accounts"},
        Language.SWEDISH: {"1 kundkonto", "2 kundkonton"},
        Language.SPANISH: {"1 cuenta", "2 cuentas"},
        Language.FRENCH: {"1 compte", "2 comptes"},
    }[language]


def test_every_language_has_its_name():
    assert set(NAMES) == set(Language)


def test_a_browser_is_answered_in_its_language(reader):
    page = reader.get("front.landing", headers={"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.5"})
    assert page.html["lang"] == "sv"
    assert page.heading() == "Ett företagsnummer i dag. Ditt eget nummer sedan."


def test_a_language_that_is_not_spoken_gets_english(reader):
    assert reader.get("front.landing", headers={"Accept-Language": "fi"}).html["lang"] == "en"


def test_a_chosen_language_stays_and_is_the_persons_own_from_then_on(alice, services):
    from service.accounts.models import User

    alice.get("settings.show")
    assert alice.submit(language="sv").select_one("nav a").text == "Hem"
    assert alice.get("inbox.show").heading() == "Inkorg"
    with services.sessions.begin() as session:
        assert session.query(User).filter_by(email="alice@alice.example").one().language is Language.SWEDISH


def test_a_choice_of_language_leads_back_to_our_own_pages_only(reader):
    reader.get("signin.ask")
    reader.submit(language="sv", back="https://elsewhere.example/")
    assert reader.path == "/"


def test_what_a_use_case_refuses_is_said_in_the_readers_language(alice):
    alice.get("bring.ask")
    alice.submit(language="sv")
    page = alice.submit(number="123", status=422)
    assert page.wrong() == {"number": "Det är inte ett fullständigt telefonnummer. Skriv det med riktnummer."}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""A docstring."""', []),
        ('raise Conflict("This was sent already.")', ["This was sent already."]),
        ('NAMES = {State.DONE: "Done"}', ["Done"]),
        ('gettext("Picture")', ["Picture"]),
        ('gettext("never")', ["never"]),
        ("f'{gettext(\"%(line)s, in place of it\")}'", ["%(line)s, in place of it"]),
        ('gettext("Changed; it is not shown.")', ["Changed; it is not shown."]),
        ('Thing = TypeVar("Thing")', []),
        ('field = "account_number"', []),
        ('{"Content-Type": kind}', []),
        ('f"Mixed {up} with values."', []),
    ],
)
def test_sentences_are_told_from_other_text(source, found):
    assert [sentence for _, sentence in sentences(source)] == found


@pytest.mark.parametrize("language", Language)
def test_a_moment_of_today_is_said_by_its_time_alone(app, language):
    with app.test_request_context(), force_locale(language.value):
        assert str(now().year) not in clock(now())
        assert ":" in clock(now())
