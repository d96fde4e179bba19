"""What is heard in a recording. These tests run a real model of nonsense: `make test` installs what runs it."""

import pytest

from service.bounded import NotRead
from service.calls.speech import words_heard
from service.language import Language
from tests.speaking import a_model, a_voice, silence

LOST = ["no"] * 8


@pytest.fixture(scope="module")
def baker(tmp_path_factory):
    """A model that hears somebody order bread."""
    return str(a_model(tmp_path_factory.mktemp("baker"), "Two", "rye", "loaves"))


@pytest.fixture(scope="module")
def swede(tmp_path_factory):
    """A model that hears an order if it is asked for Swedish, and nothing in other languages."""
    return str(a_model(tmp_path_factory.mktemp("swede"), "hej", "och", "tack", language="sv"))


def test_words_are_written_down(baker):
    assert words_heard(a_voice(), Language.ENGLISH, baker) == "Two rye loaves"


@pytest.mark.parametrize(("asked", "words"), [(Language.SWEDISH, "hej och tack"), (Language.ENGLISH, "")])
def test_words_are_listened_for_in_the_language_that_is_asked_for(swede, asked, words):
    assert words_heard(a_voice(), asked, swede) == words


def test_nothing_is_heard_where_nobody_speaks(baker):
    assert words_heard(silence(), Language.ENGLISH, baker) == ""


def test_a_model_that_repeats_itself_is_not_believed(tmp_path):
    assert words_heard(a_voice(), Language.ENGLISH, str(a_model(tmp_path, *LOST))) == ""


def test_what_is_no_recording_is_not_read(baker):
    with pytest.raises(NotRead):
        words_heard(b"not a sound", Language.ENGLISH, baker)


def test_a_folder_without_a_model_is_not_taken_for_the_name_of_one_elsewhere(tmp_path):
    with pytest.raises(NotRead):
        words_heard(a_voice(), Language.ENGLISH, str(tmp_path))
