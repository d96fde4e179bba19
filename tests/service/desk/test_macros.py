"""Ready-made texts for customers: the same in every language, filled in for a transfer."""

import re
import tomllib

import pytest

from service.desk import macros
from service.desk.macros import FIELDS, macro_for, titles
from service.language import Language
from service.porting.question_sets import COMMON, PIN
from tests.factories import OWN, a_draft, a_line


def kept(language):
    return tomllib.loads((macros._FILES / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", Language)
def test_every_language_has_every_macro_with_the_same_facts(language):
    ours, english = kept(language), kept(Language.ENGLISH)
    assert list(ours) == list(english) == ["unknown", *FIELDS]
    for name in FIELDS:
        facts = [set(re.findall(r"{(\w+)}", one[name]["text"])) for one in (ours, english)]
        assert facts[0] == facts[1], name
        assert list(titles(language)) == list(FIELDS)


def test_macros_ask_for_answers_that_there_are():
    known = {*COMMON, "pin", "region"}
    assert PIN
    assert {field for fields in FIELDS.values() for field in fields} <= known


def test_a_macro_is_in_the_customers_language_under_a_title_in_the_readers(session, services):
    project = a_draft(session, a_line(session, services), OWN, language=Language.SWEDISH)
    macro = macro_for(project, "pin", Language.FRENCH)
    assert macro.title == "Demander un nouveau PIN de transfert"
    assert macro.text.startswith("Din gamla operatör godtog inte flyttkoden för")
    assert macro.fields == ("pin",)
    assert macro_for(project, "no such", Language.FRENCH) is None
