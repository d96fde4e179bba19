"""Texts at the second carrier, whose log has no words and may lag behind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.telnyx.assignments import Assignments
from provisioning.carriers.telnyx.campaigns import Campaigns
from provisioning.carriers.telnyx.messaging import TelnyxMessaging, media_hosts
from provisioning.contract.errors import Refused, Unavailable
from provisioning.contract.messaging import CannotTell, MessageStatus, OutgoingMessage, Trouble
from provisioning.contract.numbers import Routing, Wanted
from tests.provisioning.carrier_cases import MessagingCases
from tests.provisioning.test_telnyx_numbers import numbers_of

OURS, THEIRS = "+14152367003", "+14155550123"
MESSAGE = OutgoingMessage(OURS, THEIRS, "Your number moves on Monday.", "https://us.test/status/7", tag="portline-7")


@pytest.fixture
def our_number(at_telnyx):
    return numbers_of(at_telnyx).buy(OURS, "tag", Routing("https://u.test/v", "https://u.test/m", "https://u.test/c"))


@pytest.fixture
def messaging(at_telnyx, our_number):
    return TelnyxMessaging(
        at_telnyx.client, media_hosts(at_telnyx.outgoing), Assignments(at_telnyx.client, Campaigns(at_telnyx.client))
    )


@pytest.fixture
def now(clock, our_number):
    return clock.now()


class TestTelnyxMessaging(MessagingCases):
    @pytest.fixture
    def message(self):
        return replace(MESSAGE, tag="")

    @pytest.fixture
    def to_nobody(self):
        return replace(MESSAGE, recipient="+15005550001")


def sent(world):
    return [message for message in world.state.messages.values() if message.to == THEIRS]


def test_a_text_arrives_once_however_often_it_is_sent_under_its_tag(messaging, world, carry):
    once, again = (messaging.send(replace(MESSAGE, text="Välkommen 🎈")) for _ in range(2))
    assert once == again
    carry()
    assert [text.body for text in world.phone(THEIRS).texts] == ["Välkommen 🎈"]


def test_a_text_whose_answer_was_lost_is_found_in_the_log(messaging, world, now):
    world.faults.add("lose-after", path="*/messages", count=1)
    with pytest.raises(Unavailable) as caught:
        messaging.send(MESSAGE)
    assert not caught.value.not_made
    assert len(messaging.find(MESSAGE, now)) == len(sent(world)) == 1


def test_a_text_that_the_log_lacks_may_be_sent_all_the_same(messaging, now):
    assert isinstance(messaging.find(MESSAGE, now), CannotTell)


def test_after_ten_days_it_cannot_tell_what_was_in_a_text(messaging, now, clock):
    messaging.send(MESSAGE)
    clock.jump(timedelta(days=10, minutes=1))
    assert isinstance(messaging.left(now), CannotTell)
    assert isinstance(messaging.find(MESSAGE, now), CannotTell)


def test_what_it_cost_and_why_it_failed_stand_in_the_log(messaging, now, carry):
    messaging.send(replace(MESSAGE, recipient="+14155553008"))
    carry()
    [logged] = messaging.left(now)
    assert (logged.status, logged.trouble) == (MessageStatus.UNDELIVERED, Trouble.UNREACHABLE)
    assert (logged.text, str(logged.price)) == (MESSAGE.text, "0.0040")


def test_what_the_carrier_answers_by_itself_is_no_message_of_ours(messaging, world, now, carry):
    world.text(THEIRS, OURS, "HELP")
    carry()
    assert world.phone(THEIRS).texts
    assert messaging.left(now) == []


def test_how_a_text_fares_is_told_to_its_own_address_alone(messaging, world):
    messaging.send(MESSAGE)
    [text] = sent(world)
    assert (text.status_callback, text.status_fallback) == (MESSAGE.status_url, MESSAGE.status_url)


def test_pictures_go_along(messaging, world):
    messaging.send(replace(MESSAGE, text="", media_urls=("https://us.test/a.jpg", "https://us.test/b.jpg")))
    [text] = sent(world)
    assert len(text.media) == 2


@pytest.mark.parametrize(("recipient", "pictures"), [(THEIRS, 10), ("+16135550123", 10), ("+46701234567", 0)])
def test_pictures_go_only_between_the_united_states_and_canada(messaging, recipient, pictures):
    assert messaging.media_limits(OURS, recipient).pictures == pictures


@pytest.mark.parametrize("forbids", [False, True], ids=["409", "403"])
def test_a_stop_that_the_carrier_alone_received_is_told_with_each_status(messaging, world, forbids):
    world.state.unproved.opt_outs_forbid = forbids
    with pytest.raises(Refused) as caught:
        messaging.send(replace(MESSAGE, recipient="+15005550004"))
    assert caught.value.code == Trouble.OPTED_OUT


@pytest.mark.parametrize(
    ("sender", "recipient", "trouble"),
    [
        (OURS, "+15005550001", Trouble.BAD_RECIPIENT),
        (OURS, "+15005550004", Trouble.OPTED_OUT),
        (OURS, "+15005550009", Trouble.BAD_RECIPIENT),
        ("+15005550007", THEIRS, Trouble.SENDER_NOT_READY),
    ],
)
def test_each_refusal_has_its_plain_reason_and_does_not_repeat_the_number(messaging, sender, recipient, trouble):
    with pytest.raises(Refused) as caught:
        messaging.send(replace(MESSAGE, sender=sender, recipient=recipient))
    assert caught.value.code == trouble
    assert recipient[2:] not in f"{caught.value} {caught.value.faults}"


def test_a_stop_to_one_number_holds_for_no_other(messaging, at_telnyx, world, carry):
    numbers = numbers_of(at_telnyx)
    other = next(offer.number for offer in numbers.search(Wanted("US")) if offer.number != OURS)
    numbers.buy(other, "tag-2", Routing("https://u.test/v", "https://u.test/m", "https://u.test/c"))
    world.text(THEIRS, OURS, "STOP")
    carry()
    with pytest.raises(Refused, match="40300"):
        messaging.send(MESSAGE)
    assert messaging.send(replace(MESSAGE, sender=other)).reference


def test_a_picture_that_came_in_is_fetched_without_our_key(messaging, world):
    message = world.text(THEIRS, OURS, "look", ["image/png"])
    [picture] = message.media
    media = messaging.fetch_media(f"https://media.telnyx.com/{picture.sid}")
    assert media.media_type == "image/png"
    assert media.content
