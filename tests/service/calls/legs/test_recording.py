"""The recording of a talk pauses while a card number is read out."""

import pytest
from sqlalchemy import select

from service.calls.legs import talking
from service.calls.legs.models import Pause, Ringing
from service.errors import Conflict
from service.inbox.models import Call
from service.schedule.chase_overdue import chase_ringings
from tests.service.calls.legs.phones import BAKER, DRIVER, OVEN, PATIENT, talks

PAUSED, GOES_ON, RECORDED = "the recording is paused", "the recording goes on", "the conversation is recorded"
RECORDINGS = "*/Recordings/*"


@pytest.fixture
def talk(shop):
    """The baker talks with a caller, and is recorded."""
    shop.rings(BAKER, DRIVER, OVEN, recorded=True)
    call = shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer", OVEN: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    assert talks(call) == 1
    return call


def pause(shop):
    with shop.services.sessions() as session:
        return session.scalars(select(Ringing.pause)).one()


def said_of_recordings(call):
    return [words for words in call.transcript if words in {PAUSED, GOES_ON, RECORDED}]


def pieces(shop):
    with shop.services.sessions() as session:
        call = session.scalars(select(Call)).one()
        return bool(call.recording_url) + len(call.pieces)


def test_a_recording_pauses_and_goes_on_in_one_piece_while_they_talk(shop, talk):
    shop.act(talking.pause_recording)
    assert (pause(shop), said_of_recordings(talk)) == (Pause.DONE, [PAUSED])
    shop.act(talking.resume_recording)
    shop.work()
    assert said_of_recordings(talk) == [PAUSED, GOES_ON, RECORDED]
    assert (talks(talk), pieces(shop)) == (1, 1)


def test_after_a_hold_the_recording_pauses_still_until_it_is_resumed(shop, talk):
    shop.act(talking.pause_recording)
    shop.act(talking.hold)
    shop.act(talking.resume)
    assert (talks(talk), said_of_recordings(talk)) == (2, [PAUSED, RECORDED])
    shop.work.for_seconds(8)
    shop.act(talking.resume_recording)
    assert (talks(talk), talks(shop.legs()[BAKER]), pause(shop)) == (3, 3, Pause.NONE)
    shop.work()
    assert said_of_recordings(talk) == [PAUSED, RECORDED, RECORDED]
    assert pieces(shop) == 2


def test_a_recording_that_is_to_pause_during_a_hold_does_not_begin_after_it(shop, talk):
    shop.act(talking.hold)
    shop.act(talking.pause_recording)
    shop.act(talking.resume)
    shop.work()
    assert (talks(talk), pieces(shop)) == (2, 1)


def test_the_next_person_is_recorded_again(shop, talk, world):
    shop.act(talking.pause_recording)
    world.phone(DRIVER, answers="press:1 after 2")
    shop.act(talking.pass_on, shop.phone_id(DRIVER))
    shop.work()
    assert (talks(talk), pieces(shop)) == (2, 2)


def test_a_pause_is_asked_for_until_the_carrier_has_made_it(shop, talk, world):
    world.faults.add("error", path=RECORDINGS, status=500, count=1)
    shop.act(talking.pause_recording)
    assert pause(shop) is Pause.ASKED
    shop.put_off_jobs("steer_recording")
    chase_ringings(shop.services)
    shop.work.for_seconds(2)
    assert (pause(shop), said_of_recordings(talk)) == (Pause.DONE, [PAUSED])


def test_a_pause_whose_job_was_lost_with_its_worker_is_made_by_the_clock(shop, services, talk):
    with services.sessions.begin() as session:
        talking.pause_recording(session, shop.conversation(session))
    shop.forget_jobs("steer_recording")
    chase_ringings(services)
    shop.work.for_seconds(1)
    assert (pause(shop), said_of_recordings(talk)) == (Pause.DONE, [PAUSED])


def test_a_pause_that_is_resumed_at_once_is_none(shop, services, talk):
    with services.sessions.begin() as session:
        talking.pause_recording(session, shop.conversation(session))
        talking.resume_recording(session, shop.conversation(session))
    shop.work.for_seconds(2)
    assert (pause(shop), talks(talk)) == (Pause.NONE, 1)
    assert PAUSED not in said_of_recordings(talk)


def test_the_recording_of_a_caller_who_is_on_their_way_to_the_room_is_paused_once_it_begins(shop, services, world):
    shop.rings(BAKER, DRIVER, recorded=True)
    call = shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer"}, patience=PATIENT)
    while shop.state() != "taken":
        shop.work.for_seconds(1)
    with services.sessions.begin() as session:
        talking.pause_recording(session, shop.conversation(session))
    shop.work.for_seconds(6)
    assert (pause(shop), talks(call), said_of_recordings(call)) == (Pause.DONE, 1, [PAUSED])


def test_a_call_that_is_not_recorded_has_nothing_to_pause(shop):
    shop.rings(BAKER, DRIVER)
    shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    for act in (talking.pause_recording, talking.resume_recording):
        with pytest.raises(Conflict, match="isn’t recorded"):
            shop.act(act)
