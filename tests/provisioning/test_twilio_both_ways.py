"""What the carrier really sends, caught on our side of the wire: signed by it, verified and read by us."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.wrappers import Request, Response

from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    KeyPressed,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
    RingEnded,
    SignedRequest,
    Subject,
    TranscriptReady,
    Unfamiliar,
    VoicemailLeft,
)
from provisioning.contract.messaging import MessageStatus, OutgoingMessage
from provisioning.contract.numbers import Routing
from provisioning.contract.voice import AskForKey, HangUp, Ring, Say, TakeMessage
from tests.in_process import InProcess
from tests.provisioning.rehearsal import register
from tests.provisioning.test_twilio_porting import FILING

US = "https://us.test"
OURS, CALLER, MEMBER = "+14152367003", "+14155550123", "+14155552671"
ROUTING = Routing(f"{US}/voice", f"{US}/message", f"{US}/call-status")


class OurSide:
    """Verifies and reads whatever comes in, and answers a call with the plan of its step."""

    def __init__(self, network):
        self.network = network
        self.plans = {}
        self.events = []

    @Request.application
    def __call__(self, request):
        subject = Subject(request.path.split("/")[1])
        raw = request.environ["QUERY_STRING"]
        url = f"{US}{request.path}{'?' if raw else ''}{raw}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.get_data()
        assert self.network.callbacks.verify(subject, SignedRequest(url, headers, body), datetime.now(UTC))
        self.events += self.network.callbacks.read(subject, body)
        if subject is not Subject.VOICE:
            return Response(status=204)
        answer = self.network.voice.render(self.plans.get(request.path, [HangUp()]))
        return Response(answer.body, content_type=answer.media_type)

    def heard(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def our_side(carrier, world, callback_session):
    ours = OurSide(carrier.network)
    callback_session.mount(US, InProcess(ours))
    register(world, carrier.network.numbers.buy(OURS, "tag", ROUTING))
    return ours


@pytest.fixture
def later(world, clock):
    def go(**time):
        clock.jump(timedelta(**time))
        world.run_due()

    return go


def test_a_text_reaches_us(our_side, world, later):
    message = world.text(CALLER, OURS, "Är ni öppna? 1+1=2 & mer", ["image/jpeg"])
    later(minutes=1)
    [arrived] = our_side.heard(MessageArrived)
    assert (arrived.reference, arrived.sender, arrived.recipient) == (message.sid, CALLER, OURS)
    assert arrived.text == "Är ni öppna? 1+1=2 & mer"
    assert len(arrived.media_urls) == 1


def test_a_text_to_stop_is_told_apart(our_side, world, later):
    world.text(CALLER, OURS, "STOP")
    later(minutes=1)
    assert our_side.heard(MessageArrived)


def test_the_way_of_our_own_text_is_told_step_by_step(our_side, carrier, later):
    sent = carrier.network.messaging.send(OutgoingMessage(OURS, CALLER, "Hello", f"{US}/message-status/7"))
    later(minutes=5)
    told = our_side.heard(MessageProgressed)
    assert {event.reference for event in told} == {sent.reference}
    assert max(told, key=lambda event: event.status.rank).status is MessageStatus.DELIVERED


def test_an_order_that_moves_makes_us_look(our_side, carrier, world, later):
    carrier.network.callbacks.point_porting_at(f"{US}/porting")
    [order] = carrier.porting.submit(FILING)
    later(minutes=1)
    assert set(our_side.heard(OrderChanged)) == {OrderChanged(order.reference)}
    assert not our_side.heard(Unfamiliar)


@pytest.mark.parametrize("habit", ["sign-fragment", "repeat-hash"])
def test_a_carrier_that_signs_in_another_way_is_understood(our_side, carrier, world, later, habit):
    world.faults.add(habit)
    carrier.network.callbacks.point_porting_at(f"{US}/porting")
    carrier.porting.submit(FILING)
    world.text(CALLER, OURS, "Hello")
    later(minutes=1)
    assert our_side.heard(OrderChanged)
    assert our_side.heard(MessageArrived)


def test_a_call_rings_our_phones_and_ends(our_side, world, later):
    our_side.plans["/voice"] = [Ring((MEMBER,), 20, f"{US}/voice/then", CALLER)]
    world.call(CALLER, OURS, answers={MEMBER: "answer"}, forwarded_from="+14157362671")
    later(minutes=1)
    assert our_side.heard(CallArrived)[0].forwarded_from == "+14157362671"
    assert [event.outcome for event in our_side.heard(RingEnded)] == ["answered"]
    assert our_side.heard(CallEnded)
    assert not our_side.heard(Unfamiliar)


def test_a_mobiles_own_voicemail_does_not_take_the_call(our_side, world):
    our_side.plans["/voice"] = [Ring((MEMBER,), 20, f"{US}/voice/then", CALLER, screen_url=f"{US}/voice/screen")]
    our_side.plans["/voice/screen"] = [AskForKey(Say("Press one", "en-US"), f"{US}/voice/accept"), HangUp()]
    world.call(CALLER, OURS, answers={MEMBER: "voicemail"})
    assert [event.outcome for event in our_side.heard(RingEnded)] == ["not_taken"]


def test_a_key_is_asked_for_and_heard(our_side, world):
    our_side.plans["/voice"] = [AskForKey(Say("Press one", "en-US"), f"{US}/voice/key")]
    world.call(CALLER, OURS, keys="1")
    assert [event.key for event in our_side.heard(KeyPressed)] == ["1"]


def test_a_message_is_left_with_its_words_and_can_be_fetched(our_side, carrier, world, later):
    our_side.plans["/voice"] = [Ring((MEMBER,), 20, f"{US}/voice/then", CALLER)]
    our_side.plans["/voice/then"] = [
        Say("Nobody is in", "en-US"),
        TakeMessage(f"{US}/voice/done", f"{US}/recording", f"{US}/transcript", "en-US"),
    ]
    world.call(CALLER, OURS, answers={MEMBER: "no-answer"}, says="please call back")
    later(minutes=1)
    assert [event.outcome for event in our_side.heard(RingEnded)] == ["no_answer"]
    recordings = {event.recording for event in our_side.heard(VoicemailLeft)}
    assert len(recordings) == 1
    assert [event.text for event in our_side.heard(TranscriptReady)] == ["please call back"]
    assert carrier.network.messaging.fetch_media(our_side.heard(VoicemailLeft)[0].url).content
