"""Sentences keep to the words of docs/glossary.md, and to what natives write."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import service
from service.language import Language

SERVICE = Path(service.__file__).parent
PAPERS = SERVICE / "desk"
"""Letters and order sheets, which operators of all countries read, have words of their own."""

GIVEN_UP = {
    Language.ENGLISH: {
        r"e-mail": "email",
        r"(no|some|any|every)body|whoever": "no one, someone, anyone, everyone",
        r"any more": "anymore",
        r"old operator|operators?(?!\)s|” for)": "provider",
        r"porting desk": "transfer desk",
        r"(bring|bringing|brought) \S+ along": "transfer",
        r"tak(e|en|es) back": "undo, cancel, remove",
        r"call plan": "call flow",
        r"cannot": "can’t",
        r"invalid|failed to": "what to do next",
        r"organis\w+": "organiz…",
    },
    Language.SWEDISH: {r"ta med\b": "flytta", r"messar?": "sms:a"},
    Language.SPANISH: {
        r"tú|tus?|tienes|eres|puedes": "usted",
        r"ordenador|coste|añad\w+": "computadora, costo, agregar",
        r"tra(er|iga|e) (su|el|un|este) (propio )?número": "transferir",
    },
    Language.FRENCH: {r"e-mail": "courriel", r"NIP": "PIN", r"apporte[rz]? (votre|un|le|ce)": "transférer"},
}
"""Words that are not written, with those that are."""

SIGNS = {
    Language.ENGLISH: r"(?<=\w)'(?=\w)| …|\b\w+ !",
    Language.SWEDISH: r"“|«|(?<=\w)'(?=\w)",
    Language.SPANISH: r"[«»]",
    Language.FRENCH: r"\s[?!;]|[“”]|(?<=\w)'(?=\w)",
}


def catalogue(language):
    with (SERVICE / "web" / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as written:
        return [message for message in read_po(written) if message.id]


def said(language):
    """Every sentence of pages, emails, texts and notices in a language, without what is filled in."""
    if language is Language.ENGLISH:
        forms = [message.id for message in catalogue(Language.SWEDISH)]
    else:
        forms = [message.string for message in catalogue(language)]
    yield from (one for form in forms for one in (form if isinstance(form, tuple) else (form,)))
    for file in [*SERVICE.rglob(f"{language}.txt"), *SERVICE.rglob(f"{language}.toml")]:
        if PAPERS not in file.parents:
            lines = (line for line in file.read_text().splitlines() if not line.startswith("#"))
            yield from (re.sub(r"\{[{%].*?[%}]\}", "X", line) for line in lines)


@pytest.mark.parametrize(
    ("language", "word"), [(language, word) for language in Language for word in GIVEN_UP[language]]
)
def test_a_word_that_was_given_up_is_not_written_again(language, word):
    pattern = re.compile(rf"(?<![\w(%])({word})(?!\w)", re.IGNORECASE)
    found = [sentence for sentence in said(language) if pattern.search(sentence)]
    assert found == [], f"write: {GIVEN_UP[language][word]}"


@pytest.mark.parametrize("language", Language)
def test_signs_are_those_that_natives_write(language):
    assert [sentence for sentence in said(language) if re.search(SIGNS[language], sentence)] == []
