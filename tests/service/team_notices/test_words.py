"""Every event has its words in every language."""

import tomllib

import pytest

from service.language import Language
from service.team_notices.models import TeamEvent
from service.team_notices.wording import PHRASES


def facts_in(sentence):
    return sorted(part.split("}")[0] for part in sentence.split("{")[1:])


@pytest.mark.parametrize("language", Language)
def test_every_event_has_its_words_and_says_the_same_facts(language):
    english, said = (tomllib.loads((PHRASES / f"{name}.toml").read_text()) for name in ("en", language))
    assert set(said) == {"footer", *TeamEvent}
    for event in TeamEvent:
        assert said[event].keys() == {"title", "hidden", "text", "step"}
        for part, sentence in said[event].items():
            assert facts_in(sentence) == facts_in(english[event][part]), (event, part)
