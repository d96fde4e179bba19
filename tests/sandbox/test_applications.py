"""Applications and trunks take precedence over a number's own webhooks."""

import pytest
from twilio.base.exceptions import TwilioRestException

OUTSIDE = "+12125550123"
OURS = {"voice_url": "http://listener.test/own-voice", "sms_url": "http://listener.test/own-sms"}
SHARED = {"voice_url": "http://listener.test/voice", "sms_url": "http://listener.test/sms"}


@pytest.fixture
def application(client):
    return client.applications.create(friendly_name="Line", **SHARED)


@pytest.fixture
def reached(world, listener):
    """Where a call and a text to a number end up."""

    def reach(number):
        listener.heard.clear()
        world.call(OUTSIDE, number.phone_number)
        world.text(OUTSIDE, number.phone_number, "Hi")
        world.run_due()
        return [each.path for each in listener.heard]

    return reach


def test_an_application_goes_before_the_numbers_own_addresses(client, application, reached):
    number = client.incoming_phone_numbers.create(area_code="415", **OURS)
    assert reached(number) == ["/own-voice", "/own-sms"]
    number.update(voice_application_sid=application.sid)
    assert reached(number) == ["/voice", "/own-sms"]
    number.update(sms_application_sid=application.sid)
    assert reached(number) == ["/voice", "/sms"]
    application.update(voice_url="http://listener.test/moved")
    assert reached(number) == ["/moved", "/sms"]


def test_a_trunk_takes_the_calls_and_the_application_off(client, application, world, reached):
    number = client.incoming_phone_numbers.create(area_code="415", voice_application_sid=application.sid, **OURS)
    number.update(trunk_sid=f"TK{'0' * 32}")
    assert number.fetch().voice_application_sid is None
    assert reached(number) == ["/own-sms"]
    assert world.call(OUTSIDE, number.phone_number).transcript == [f"goes to the trunk TK{'0' * 32}"]


def test_an_application_in_use_stays(client, application):
    client.incoming_phone_numbers.create(area_code="415", voice_application_sid=application.sid)
    with pytest.raises(TwilioRestException) as refusal:
        application.delete()
    assert refusal.value.code == 20409
