from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.twilio import build
from provisioning.contract.errors import Broken, Refused, Unavailable
from provisioning.contract.messaging import OutgoingMessage, Trouble
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import MessagingCases
from tests.provisioning.rehearsal import ENVIRON, register

OURS, THEIRS = "+14152367003", "+14155550123"
MESSAGE = OutgoingMessage(OURS, THEIRS, "Your number moves on Monday.", "https://us.test/status/7")


@pytest.fixture
def our_number(carrier):
    return carrier.network.numbers.buy(OURS, "tag", Routing("https://us.test", "https://us.test", "https://us.test"))


@pytest.fixture
def messaging(carrier, our_number):
    return carrier.network.messaging


@pytest.fixture
def now(clock):
    return clock.now()


class TestTwilioMessaging(MessagingCases):
    @pytest.fixture
    def message(self):
        return MESSAGE

    @pytest.fixture
    def to_nobody(self):
        return replace(MESSAGE, recipient="+15005550001")


def test_the_text_arrives_as_written(messaging, our_number, world, clock):
    register(world, our_number)
    messaging.send(replace(MESSAGE, text="Välkommen till Bright Dental 🎈"))
    clock.jump(timedelta(minutes=5))
    world.run_due()
    assert [text.body for text in world.phone(THEIRS).texts] == ["Välkommen till Bright Dental 🎈"]


def test_what_the_carrier_answers_by_itself_is_no_message_of_ours(messaging, world, now, carry):
    messaging.send(MESSAGE)
    carry()
    [sent] = world.state.messages.values()
    sent.direction = "outbound-reply"
    assert messaging.left(now) == []


@pytest.mark.parametrize(
    ("sender", "recipient", "pictures"),
    [(OURS, THEIRS, 10), (OURS, "+16135550123", 10), (OURS, "+46701234567", 0), ("+46701234567", THEIRS, 0)],
)
def test_pictures_go_only_between_the_united_states_and_canada(messaging, sender, recipient, pictures):
    assert messaging.media_limits(sender, recipient).pictures == pictures


def test_pictures_go_along(messaging, world):
    pictures = ("https://us.test/a.jpg", "https://us.test/b.jpg")
    messaging.send(replace(MESSAGE, text="", media_urls=pictures))
    [sent] = [message for message in world.state.messages.values() if message.to == THEIRS]
    assert len(sent.media) == 2


def test_the_carrier_is_asked_to_insist_on_telling_how_it_went(messaging, world):
    messaging.send(MESSAGE)
    [sent] = world.state.messages.values()
    assert sent.status_callback == "https://us.test/status/7#rc=5&rp=all"


@pytest.mark.parametrize(
    ("sender", "recipient", "trouble"),
    [
        (OURS, "+15005550001", Trouble.BAD_RECIPIENT),
        (OURS, "+15005550002", Trouble.BAD_RECIPIENT),
        (OURS, "+15005550003", Trouble.NOT_PERMITTED),
        (OURS, "+15005550004", Trouble.OPTED_OUT),
        (OURS, "+15005550009", Trouble.LANDLINE),
        ("+15005550001", THEIRS, Trouble.SENDER_NOT_READY),
        ("+15005550007", THEIRS, Trouble.SENDER_NOT_READY),
    ],
)
def test_each_refusal_has_its_plain_reason(messaging, sender, recipient, trouble):
    with pytest.raises(Refused) as caught:
        messaging.send(replace(MESSAGE, sender=sender, recipient=recipient))
    assert caught.value.code == trouble
    assert caught.value.not_made


def test_a_refusal_does_not_repeat_the_number(messaging):
    with pytest.raises(Refused) as caught:
        messaging.send(replace(MESSAGE, recipient="+15005550001"))
    assert "5005550001" not in f"{caught.value} {caught.value.faults}"


def test_a_sender_whose_queue_is_full_may_try_later(messaging):
    with pytest.raises(Unavailable) as caught:
        messaging.send(replace(MESSAGE, sender="+15005550008"))
    assert caught.value.not_made


def test_a_message_whose_answer_was_lost_went_out_once(messaging, world, now):
    world.faults.add("lose-after", path="*/Messages.json", count=1)
    with pytest.raises(Unavailable) as caught:
        messaging.send(MESSAGE)
    assert not caught.value.not_made
    assert len(messaging.find(MESSAGE, now)) == 1


def test_why_a_message_failed_is_found_later(messaging, world, clock, now):
    message = replace(MESSAGE, recipient="+14155553003")
    messaging.send(message)
    clock.jump(timedelta(minutes=5))
    world.run_due()
    [found] = messaging.find(message, now)
    assert (found.status, found.trouble) == ("undelivered", Trouble.UNREACHABLE)


def test_with_a_messaging_service_the_message_leaves_through_it_from_our_number(carrier, session, our_number, world):
    from provisioning.carriers.twilio.client import connect
    from provisioning.carriers.twilio.settings import Settings
    from provisioning.http import Outgoing

    client = connect(Settings.from_environ(ENVIRON), Outgoing(session, ENVIRON["TWILIO_BASE_URL"]))
    service = client.messaging.v1.services.create(friendly_name="ours")
    client.messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=our_number.reference)
    through = build(ENVIRON | {"TWILIO_MESSAGING_SERVICE_SID": service.sid}, session).network.messaging
    through.send(MESSAGE)
    [sent] = world.state.messages.values()
    assert (sent.service_sid, sent.from_) == (service.sid, OURS)
    assert len(through.find(MESSAGE, world.clock.now())) == 1


def test_a_country_that_may_not_be_texted_is_a_refusal_though_it_comes_as_403(messaging):
    with pytest.raises(Refused) as refused:
        messaging.send(replace(MESSAGE, recipient="+15005550003"))
    assert refused.value.code == Trouble.NOT_PERMITTED
    assert "(403, code 21408)" in str(refused.value)


def test_an_account_that_is_suspended_is_not_taken_for_wrong_credentials(messaging, world):
    world.faults.add("error", status=403, count=1)
    with pytest.raises(Broken, match="does not permit") as broken:
        messaging.send(MESSAGE)
    assert "credentials" not in str(broken.value)
