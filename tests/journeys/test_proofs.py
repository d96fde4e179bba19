"""Each way in which a channel can stay unproven: the customer is told, and "done" is not said before it is true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cutover.models import CutoverStep, StepName
from service.inbox.models import Conversation
from service.inbox.writing import write
from service.language import Language
from service.notifications.models import Channel, NoticeKind, Notification
from service.porting.states import State
from tests.conftest import REGISTERED
from tests.factories import CALLER, CUSTOMER

PLAIN = "+12125552000"
NEVER_REGISTERED = "+12125554207"
REGISTERED_A_DAY_LATER = "+12125554208"
TEXTS_ASTRAY = "+12125554210"
CALLS_ONLY = "+12125554212"
LANDLINE = "+14155553006"

SAID = {
    Language.ENGLISH: "You can cancel your old service",
    Language.SWEDISH: "Du kan säga upp den gamla tjänsten nu",
}


WHY = {
    None: ("isn’t registered for texting", "är inte registrerat för sms"),
    "PENDING": ("is still in review", "granskas fortfarande"),
    "FAILED": ("was rejected", "fick avslag"),
}
"""Why texts wait, in English and Swedish, by the status of the campaign."""


WHY_TEXTS_WAIT = {
    None: ("is missing", "saknas"),
    "PENDING": ("is still in review", "granskas fortfarande"),
    "FAILED": ("was rejected", "fick avslag"),
}


IN_BOTH = pytest.mark.parametrize("language", SAID)
"""Where a notice of the story tells what is missing; the words of each notice have their own tests."""


@pytest.fixture
def language():
    return Language.ENGLISH


@pytest.fixture
def arrive(journey, language):
    """A number that has come, for a customer who reads this language."""

    def arrive(number=PLAIN, **changes):
        journey.sign_up()
        journey.arrive(number, language=language, **changes)
        assert journey.state() is State.PORTED
        return journey

    return arrive


def step(journey, name):
    with journey.services.sessions() as session:
        return session.scalars(select(CutoverStep).where(CutoverStep.name == name)).first()


def stays_undone(journey, language):
    """A month goes by, and the customer is not told that the old service may end."""
    journey.pass_time(timedelta(days=30), steps=5)
    assert journey.state() is State.PORTED
    assert {NoticeKind.DONE, NoticeKind.TEXTS_ARRIVED}.isdisjoint(journey.told())
    assert not any(SAID[language] in text for text in journey.texts())


def said_of_waiting_texts(journey):
    """The one mail that says why texts wait while calls are proven."""
    with journey.services.sessions() as session:
        waiting = (Notification.kind == NoticeKind.TEXTS_WAIT, Notification.channel == Channel.EMAIL)
        return session.scalars(select(Notification).where(*waiting)).one().words["text"]


def is_done(journey, language):
    journey.pass_time(timedelta(seconds=10))
    assert journey.state() is State.LIVE
    assert journey.told().count(NoticeKind.DONE) == 1
    assert any(SAID[language] in text for text in journey.texts())


def answer(journey):
    """A member answers the first who wrote."""
    with journey.services.sessions.begin() as session:
        write(session, session.scalars(select(Conversation)).first(), "We are.", None)
    journey.work()
    journey.pass_time(timedelta(seconds=10))


class TestWithoutAnApprovedRegistration:
    """An installation for one business, whose own registration is not decided by the carrier's clock."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, single_business=True)

    @IN_BOTH
    @pytest.mark.parametrize("status", WHY)
    def test_calls_are_done_and_texts_wait_for_it(self, journey, world, language, status):
        journey.sign_up()
        journey.schedule(PLAIN, language=language)
        world.registry.decide_campaign(REGISTERED, status)
        journey.pass_time_until(journey.committed() - timedelta(days=2))
        with journey.services.sessions() as session:
            warned = (Notification.kind == NoticeKind.NOT_READY, Notification.channel == Channel.EMAIL)
            letter = session.scalars(select(Notification).where(*warned)).first().words["text"]
        assert WHY[status][language is Language.SWEDISH] in letter
        journey.pass_time_until(journey.committed())
        journey.pass_time(timedelta(minutes=1), steps=3)
        journey.prove(PLAIN)
        assert step(journey, StepName.PROVE_VOICE).complete
        assert not step(journey, StepName.ENROL_TEXTS).complete
        stays_undone(journey, language)
        assert WHY_TEXTS_WAIT[status][language is Language.SWEDISH] in said_of_waiting_texts(journey)
        world.registry.decide_campaign(REGISTERED, "VERIFIED")
        journey.pass_time(timedelta(minutes=5), steps=3)
        is_done(journey, language)


def test_texts_that_come_back_are_not_done(arrive, language):
    journey = arrive(NEVER_REGISTERED)
    journey.prove(NEVER_REGISTERED)
    assert step(journey, StepName.PROVE_SENDING).trouble == "not_registered"
    stays_undone(journey, language)
    assert step(journey, StepName.PROVE_SENDING).tries > 1
    assert ("undelivered" if language is Language.ENGLISH else "kom inte fram") in said_of_waiting_texts(journey)


def test_texts_that_come_back_for_a_day_are_done_the_day_after(arrive, language):
    journey = arrive(REGISTERED_A_DAY_LATER)
    journey.prove(REGISTERED_A_DAY_LATER)
    assert journey.state() is State.PORTED
    journey.pass_time(timedelta(days=2), steps=4)
    is_done(journey, language)


def test_calls_that_come_while_texts_go_elsewhere_are_not_all(arrive, world, language):
    journey = arrive(TEXTS_ASTRAY)
    journey.prove(TEXTS_ASTRAY)
    assert step(journey, StepName.PROVE_VOICE).complete
    stays_undone(journey, language)
    assert NoticeKind.TEXTS_WAIT not in journey.told()  # the customer is asked for a text instead
    world.mend(TEXTS_ASTRAY)
    journey.prove(TEXTS_ASTRAY)
    is_done(journey, language)


def test_texts_from_our_own_carrier_alone_prove_no_other_network(arrive, language):
    journey = arrive()
    journey.prove(PLAIN, texts=False)
    journey.pass_time(timedelta(minutes=15), steps=3)
    assert step(journey, StepName.PROVE_TEXTS).trial
    stays_undone(journey, language)


@IN_BOTH
def test_a_number_without_texts_is_done_without_them_and_says_so(arrive, language):
    journey = arrive(CALLS_ONLY)
    journey.prove(CALLS_ONLY, texts=False)
    assert journey.state() is State.LIVE
    assert step(journey, StepName.PROVE_TEXTS) is None
    assert NoticeKind.TEXTS_ARRIVED not in journey.told()
    with journey.services.sessions() as session:
        done = (Notification.kind == NoticeKind.DONE, Notification.channel == Channel.EMAIL)
        letter = session.scalars(select(Notification).where(*done)).one().words["text"]
    assert NoticeKind.TEXTS_WAIT not in journey.told()
    assert ("is for calls only" if language is Language.ENGLISH else "tar inte sms") in letter


@IN_BOTH
def test_the_customers_own_mobile_shows_that_texts_are_delivered(arrive, language):
    journey = arrive()
    journey.prove(PLAIN)
    is_done(journey, language)
    assert step(journey, StepName.PROVE_SENDING).far_end == CUSTOMER
    tests = [text for text in journey.world.phone(CUSTOMER).texts if text.from_ == PLAIN]
    assert len(tests) == 1
    assert ("this text left" if language is Language.ENGLISH else "detta sms gick") in tests[0].body


@pytest.mark.parametrize("mobile", ["", LANDLINE])
def test_without_a_mobile_the_next_text_that_is_delivered_shows_it(arrive, language, mobile):
    journey = arrive(contact_number=mobile)
    journey.prove(PLAIN)
    assert journey.state() is State.PORTED
    assert step(journey, StepName.PROVE_SENDING).trouble == ("landline" if mobile else "")
    answer(journey)
    assert journey.state() is State.LIVE
    assert step(journey, StepName.PROVE_SENDING).far_end == CALLER
