"""What the page of the move says of each channel, in English and Swedish, and what it never says before it is true."""

from datetime import timedelta

import pytest

from tests.conftest import REGISTERED
from tests.factories import CALLER

YES = {"en": "Yes. Everything works here", "sv": "Ja. Allt fungerar här"}
CALLS_ONLY = "+14155554212"
NEVER_REGISTERED = "+14155554207"


@pytest.fixture(params=["en", "sv"])
def said(request, alice, arrived, work, tick):
    """What the page says in one of the languages: `said(in English, in Swedish)`."""
    alice.get("cutover.show", public_id=arrived)
    alice.submit(language=request.param)

    def said(english, swedish):
        work()
        tick(timedelta(seconds=10))
        page = alice.get("cutover.show", public_id=arrived)
        return page.says(english if request.param == "en" else swedish)

    return said


@pytest.fixture
def hear(arrived, own, world, work):
    """Somebody outside calls the number, and texts it."""

    def hear(*, texts=True):
        world.call(CALLER, own)
        if texts:
            world.text(CALLER, own, "Are you open?", media=["image/jpeg"])
        work()

    return hear


def safe(said):
    return said(YES["en"], YES["sv"])


def test_each_channel_names_what_proved_it(hear, said):
    hear()
    assert said(
        "Incoming calls Works Arrived from (415) 555‑0123", "Inkommande samtal Fungerar Kom från (415) 555‑0123"
    )
    assert said("Incoming texts Works Arrived from (415) 555‑0123", "Inkommande sms Fungerar Kom från (415) 555‑0123")
    mobile = "(415) 555‑2671"
    assert said(
        f"Outgoing texts Works Delivered to your mobile, {mobile}",
        f"Utgående sms Fungerar Levererat till din mobil, {mobile}",
    )
    assert safe(said)


class TestWithoutAnApprovedRegistration:
    @pytest.fixture(params=[None, "IN_PROGRESS", "FAILED"])
    def status(self, request, world, story):
        story.tell(lambda: world.registry.decide_campaign(REGISTERED, request.param), request.param)
        return request.param

    @pytest.fixture
    def dated(self, status, dated):
        return dated

    def test_calls_are_done_and_the_page_says_why_texts_are_not(self, status, hear, said):
        hear()
        assert said("Calls work. Texts don’t yet.", "Samtalen fungerar. Sms gör det inte än.")
        assert said(
            {
                None: "isn’t registered for texting in the United States yet",
                "IN_PROGRESS": "The registration for texting in the United States is still in review.",
                "FAILED": "The registration for texting in the United States was rejected.",
            }[status],
            {
                None: "är inte registrerat för sms i USA än",
                "IN_PROGRESS": "Registreringen för sms i USA granskas fortfarande.",
                "FAILED": "Registreringen för sms i USA fick avslag.",
            }[status],
        )
        assert not safe(said)


class TestWhereTextsComeBack:
    @pytest.fixture
    def own(self):
        return NEVER_REGISTERED

    def test_it_says_that_and_why(self, hear, said):
        hear()
        assert said("A text came back. Other networks don’t accept texts", "Ett sms kom tillbaka. Andra nät tar inte")
        assert said("Calls work. Texts don’t yet.", "Samtalen fungerar. Sms gör det inte än.")
        assert not safe(said)


class TestWithoutTexts:
    @pytest.fixture
    def own(self):
        return CALLS_ONLY

    def test_it_says_so_and_is_done_with_a_call(self, hear, said):
        hear(texts=False)
        assert said(
            "This number is for calls only. It can’t get texts.", "Numret är bara för samtal. Det tar inte emot sms."
        )
        assert not said("Outgoing texts", "Utgående sms")
        assert safe(said)
