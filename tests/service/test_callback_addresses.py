"""The parameters of a callback address are read as they were built."""

from urllib.parse import urlsplit

import pytest

from provisioning.contract.registration import tag_in
from service.callback_addresses import Addresses, Carried, Step, read

TO = Addresses("https://us.test/webhooks/twilio", "https://us.test/greetings")


@pytest.mark.parametrize(
    "carried",
    [
        Carried(),
        Carried(Step.RUNG, 7, "ring", after=3, alone=1),
        Carried(Step.NAMED, 7, "a & b?", tries=1, page=2),
        Carried(Step.OUT, 7, entry="portline-0123456789abcdef0123"),
    ],
)
def test_what_is_written_is_read(carried):
    assert read(urlsplit(TO.voice(carried)).query) == carried


def test_an_address_that_carries_nothing_has_no_query():
    assert TO.call_status(Carried()) == "https://us.test/webhooks/twilio/call-status"
    assert TO.message_status("portline-1") == "https://us.test/webhooks/twilio/message-status?entry=portline-1"


@pytest.mark.parametrize(
    ("query", "carried"),
    [
        ("step=dance", Carried(Step.UNKNOWN)),
        ("line=x&tries=-1&page=1.5", Carried()),
        (f"line={10**20}", Carried()),
        ("bodySHA256=00&effect=7", Carried()),
    ],
)
def test_what_we_never_wrote_is_passed_over(query, carried):
    assert read(query) == carried


def test_the_address_about_a_registration_names_its_tag_to_carriers_that_keep_none():
    assert tag_in(TO.registration("portline-1")) == "portline-1"
    assert tag_in(TO.voicemail) == tag_in(None) == ""
