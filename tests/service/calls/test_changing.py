"""A changed call plan can be undone; recordings are deleted once no plan plays them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.calls.changing import block, forget_phones, keep, put_back
from service.calls.document import Earlier
from service.calls.greetings import UNUSED, Sound, add, drop_unused, recorded_for
from service.calls.nodes import MESSAGE, RING, Forward, Greeting, RingPhones, Voicemail, usual
from service.calls.queries import earlier_plan, plan_of
from service.errors import Conflict, Invalid
from service.lines.models import Phone
from service.queue import connection_of
from service.time import now

OLD, NEW = "0" * 32, "1" * 32


def saying(**greeting):
    return replace(usual(), nodes={**usual().nodes, MESSAGE: Voicemail(Greeting(**greeting))})


def media(session, line):
    return {one.media for one in recorded_for(session, line.id)}


def dropped(session):
    rows = connection_of(session).execute("SELECT args->>'media' FROM procrastinate_jobs WHERE task_name LIKE '%drop%'")
    return [media for (media,) in rows]


@pytest.fixture
def recorded(session, line):
    for name in (OLD, NEW):
        add(session, line.id, Sound(name, "audio/wav", 1))


def test_calls_are_not_forwarded_to_a_number_that_costs_extra(session, line):
    nodes = {**usual().nodes, RING: Forward("+19005550123", MESSAGE)}
    with pytest.raises(Invalid) as refusal:
        keep(session, line, replace(usual(), nodes=nodes), node=RING)
    assert "premium-rate" in refusal.value.fields["number"][0]
    nodes[RING] = Forward("+18002345678", MESSAGE)
    keep(session, line, replace(usual(), nodes=nodes), node=RING)


def test_nothing_is_put_back_where_nothing_was_changed(session, line):
    assert earlier_plan(session, line.id) is None
    with pytest.raises(Conflict):
        put_back(session, line)


def test_the_plan_before_is_put_back_and_the_new_one_again(session, line, clock):
    keep(session, line, saying(text="Hello!"))
    assert earlier_plan(session, line.id) == Earlier(usual(), now())
    put_back(session, line)
    assert plan_of(session, line.id) == usual()
    put_back(session, line)
    assert plan_of(session, line.id) == saying(text="Hello!")


def test_saving_what_is_there_already_keeps_the_plan_before(session, line):
    keep(session, line, saying(text="Hello!"))
    keep(session, line, saying(text="Hello!"))
    assert earlier_plan(session, line.id).plan == usual()


def test_who_was_blocked_since_stays_blocked(session, line):
    keep(session, line, saying(text="Hello!"))
    block(session, line, "+14155550199")
    put_back(session, line)
    assert plan_of(session, line.id) == replace(usual(), blocked=("+14155550199",))


def test_a_phone_that_is_gone_since_is_not_put_back(session, line):
    phone = Phone(line_id=line.id, number="+14155550131")
    session.add(phone)
    session.flush()
    keep(session, line, replace(usual(), nodes={**usual().nodes, RING: RingPhones(MESSAGE, (phone.id,))}))
    keep(session, line, saying(text="Hello!"))
    session.delete(phone)
    forget_phones(session, line)
    put_back(session, line)
    assert plan_of(session, line.id) == usual()


def test_what_cannot_be_kept_any_more_is_not_put_back(session, line, recorded):
    keep(session, line, saying(recording=OLD))
    keep(session, line, usual())
    session.delete(recorded_for(session, line.id)[0])
    session.delete(recorded_for(session, line.id)[-1])
    with pytest.raises(Invalid):
        put_back(session, line)
    assert plan_of(session, line.id) == usual()


def test_recordings_that_no_plan_plays_are_dropped_after_a_while_only(session, line, recorded, clock, set_up):
    keep(session, line, saying(recording=OLD))
    clock.jump(UNUSED - timedelta(days=1))
    drop_unused(session)
    assert media(session, line) == {OLD, NEW}
    clock.jump(timedelta(days=2))
    drop_unused(session)
    assert media(session, line) == {OLD}
    assert dropped(session) == [NEW]


def test_a_recording_of_the_plan_before_is_kept(session, line, recorded, clock):
    keep(session, line, saying(recording=OLD))
    keep(session, line, saying(recording=NEW))
    clock.jump(UNUSED * 2)
    drop_unused(session)
    assert media(session, line) == {OLD, NEW}
