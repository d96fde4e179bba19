"""Pages are in one language, and write a number one way."""

import re
from functools import cache, partial
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from service.language import Language
from service.web.shell import languages
from tests.browser.pages import opened, pages

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
FEWEST_LETTERS = 4
"""Shorter sentences, such as "No", are words of other languages too."""

A_SENTENCE = 16
"""Characters above which it is looked for inside of longer texts too."""

A_CATALOGUES_HEAD = re.compile("Project-Id-Version")
"""The head of a catalogue, which is its translation of the empty text."""

SPOKEN = re.compile("[“”«].+?[”»]", re.DOTALL)
"""What callers hear is in the language of the line."""

A_NAME = "Desk"

A_SECOND_SPELLING = re.compile(r"\+1[\s\u2011-]?\(?[2-9]\d\d.{0,9}")
"""A North American number that is not written as (212) 555-0156, the one way on pages."""

LOCALES = Path(languages.__file__).parents[1] / "locales"

NOT_OURS = "pre, [lang] [lang], option, textarea, .words, code, script"
"""The request to our carriers, what customers are told in other languages, and what people wrote."""


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture
def read(app, services, filled):
    """The visible text of a page in a language."""
    return partial(opened, app, services)


def english(language):
    """Of the English sentences that are others in this language, the longest piece and the pattern of each."""
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as written:
        for message in read_po(written):
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            for form in set(forms) - set(said):
                if len(PLACE.sub("", form)) >= FEWEST_LETTERS:
                    pieces = PLACE.split(form.strip())
                    facts = [r"\d+" if place.endswith("d") else ".+" for place in PLACE.findall(form)]
                    words = "".join(chain.from_iterable(zip_longest(map(re.escape, pieces), facts, fillvalue="")))
                    whole = rf"(?<!\w){words}(?!\w)" if len(form) > A_SENTENCE else rf"^{words}$"
                    yield max(pieces, key=len), re.compile(whole)


def fragments(page, is_english):
    for part in page.select(NOT_OURS):
        part.decompose()
    texts = {" ".join(SPOKEN.sub("", text).split()) for text in page.body.find_all(string=True) if text.strip()}
    texts |= {
        part[name] for part in page.select("body *") for name in ("aria-label", "placeholder", "alt") if part.get(name)
    }
    return {text for text in texts if is_english(text)} - {A_NAME}


@pytest.mark.parametrize("language", [language for language in Language if language is not Language.ENGLISH])
def test_no_page_says_in_english_what_can_be_said_in_the_readers_language(filled, read, language):
    sentences = [*english(language), (A_CATALOGUES_HEAD.pattern, A_CATALOGUES_HEAD)]
    is_english = cache(lambda text: any(piece in text and whole.search(text) for piece, whole in sentences))
    found = {}
    for who, endpoint, values in pages(filled):
        page = read(who, endpoint, values, language)
        assert page.html["lang"] == language, endpoint
        there = fragments(page, is_english) | set(A_SECOND_SPELLING.findall(page.body.get_text()))
        if there:
            found[endpoint] = there
    assert found == {}
