"""Voicemails are transcribed at home where the operator brought a model, and by the carrier elsewhere."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.calls.transcripts import transcribe_soon
from service.inbox.models import Call
from service.language import Language
from service.lines.models import Line, PhoneNumber
from service.team_notices.models import TeamNotice
from tests.factories import CALLER
from tests.service.inbox.lines import a_member
from tests.speaking import a_model, a_voice, silence


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return a_model(tmp_path_factory.mktemp("model"), "Two", "rye", "loaves")


@pytest.fixture
def settings(settings, model):
    return replace(settings, transcription_model=model)


@pytest.fixture
def voicemail(numbered, services, work, world):
    """Leave a voicemail with this sound; what became of it."""
    with services.sessions.begin() as session:
        number = session.scalars(select(PhoneNumber)).one()
        a_member(session, number.line, "Alice")
        called = number.number

    def voicemail(sound):
        world.call(CALLER, called, says="What the carrier would write down, were it asked.")
        work()
        with services.sessions.begin() as session:
            call = session.scalars(select(Call)).one()
            call.voicemail_media = services.media.put(sound, "audio/x-wav") if sound else call.voicemail_media
            transcribe_soon(session, services, call.id)
        work()
        with services.sessions() as session:
            return session.scalars(select(Call)).one()

    return voicemail


def test_a_voicemail_is_written_down_by_our_own_model(voicemail):
    assert voicemail(a_voice()).transcript == "Two rye loaves"


def test_the_carrier_is_not_asked_for_a_transcript(voicemail):
    assert voicemail(None).transcript == ""


def test_a_voicemail_without_words_is_told_all_the_same(voicemail, services):
    assert voicemail(silence()).transcript == ""
    with services.sessions() as session:
        assert session.scalars(select(TeamNotice)).all()


def test_a_voicemail_that_was_deleted_meanwhile_stays_without_words(voicemail, services, work):
    call = voicemail(None)
    services.media.drop(call.voicemail_media)
    with services.sessions.begin() as session:
        transcribe_soon(session, services, call.id)
    work()
    with services.sessions() as session:
        assert session.get_one(Call, call.id).transcript == ""


class TestALineInSwedish:
    """The model knows no language but Swedish."""

    @pytest.fixture
    def model(self, tmp_path):
        return a_model(tmp_path, "hej", "och", "tack", language="sv")

    def test_its_voicemails_are_written_down_in_swedish(self, voicemail, services):
        with services.sessions.begin() as session:
            session.scalars(select(Line)).one().language = Language.SWEDISH
        assert voicemail(a_voice()).transcript == "hej och tack"

    def test_those_of_a_line_in_english_are_not(self, voicemail):
        assert voicemail(a_voice()).transcript == ""


class TestWithoutAModel:
    """TRANSCRIPTION_MODEL is not set."""

    @pytest.fixture
    def model(self):
        return None

    def test_the_carrier_writes_voicemails_down(self, voicemail):
        assert voicemail(None).transcript == "What the carrier would write down, were it asked."
