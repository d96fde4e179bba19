"""Where calls and texts from outside end up before, during and after a port."""

from datetime import timedelta

import pytest

from sandbox.errors import Unknown

OUTSIDE, T_MOBILE = "+12125550123", "+12125556103"
VOICE = "http://listener.test/voice"


@pytest.fixture
def port(world, clock, file_port):
    """A number whose port completed at this moment, not in the account yet."""

    def port_number(number):
        file_port(number)
        clock.jump(timedelta(seconds=10))
        world.run_due()
        world.sign(number)
        clock.jump(timedelta(seconds=10))
        world.run_due()
        world.complete(number)
        return number

    return port_number


@pytest.fixture
def ported(port, world, clock, client, listener):
    """The same, in the account and with a voice URL."""
    listener.answers["/voice"] = "<Response><Say>Hello</Say></Response>"

    def port_and_route(number):
        port(number)
        clock.jump(timedelta(seconds=31))
        world.run_due()
        [shown] = client.incoming_phone_numbers.list(phone_number=number)
        shown.update(voice_url=VOICE, sms_url="http://listener.test/sms")
        return number

    return port_and_route


def heard(world, number, from_=OUTSIDE):
    """How a call and a text to the number end."""
    return world.call(from_, number).status, world.text(from_, number, "Hello").status


def test_before_its_completion_a_number_rings_at_the_old_operator(world, file_port):
    file_port("+14155552671")
    assert world.call(OUTSIDE, "+14155552671").transcript == ["+14155552671 still rings at the old operator"]
    assert world.text(OUTSIDE, "+14155552671", "Hello").status == "undelivered"
    assert [text.body for text in world.phone("+14155552671").texts] == ["Hello"]


def test_the_old_line_may_forward_to_a_number_of_ours(world, client, listener, file_port):
    temporary = client.incoming_phone_numbers.create(area_code="415", voice_url=VOICE).phone_number
    listener.answers["/voice"] = "<Response><Say>Hello</Say></Response>"
    file_port("+14155552671")
    world.phone("+14155552671", answers=f"forward:{temporary}")
    call = world.call(OUTSIDE, "+14155552671")
    assert (call.to, call.forwarded_from, call.status) == (temporary, "+14155552671", "completed")
    assert call.transcript[:3] == [
        "+14155552671 still rings at the old operator",
        f"+14155552671 forwards to {temporary}",
        "says “Hello”",
    ]


def test_between_completion_and_its_appearance_a_number_is_not_in_service(world, port):
    number = port("+14155552671")
    assert world.call(OUTSIDE, number).transcript == [f"{number} is not in service"]
    assert world.text(OUTSIDE, number, "Hello").status == "undelivered"
    assert world.phone(number).texts == []


def test_after_its_appearance_it_is_reached(world, ported):
    assert heard(world, ported("+14155552671")) == ("completed", "received")


ALL, NO_TEXTS, NO_CALLS, NOTHING = (
    ("completed", "received"),
    ("completed", "undelivered"),
    ("failed", "received"),
    ("failed", "undelivered"),
)


@pytest.mark.parametrize(
    ("number", "from_", "heard_in_time"),
    [
        ("+14155554204", OUTSIDE, {0: NO_TEXTS, 2: ALL}),
        ("+14155554209", T_MOBILE, {0: NOTHING, 6: ALL}),
        ("+14155554209", OUTSIDE, {0: ALL}),
        ("+14155554210", OUTSIDE, {0: NO_TEXTS, 48: NO_TEXTS}),
        ("+14155554211", OUTSIDE, {0: NO_CALLS, 1: ALL}),
    ],
)
def test_a_port_may_succeed_by_half(world, clock, ported, number, from_, heard_in_time):
    ported(number)
    for hours, expected in heard_in_time.items():
        clock.jump(timedelta(hours=hours))
        assert heard(world, number, from_) == expected


def test_the_porting_desk_mends_half_a_port(world, ported):
    number = ported("+14155554210")
    world.mend(number)
    assert heard(world, number) == ("completed", "received")


def test_a_detour_can_be_set_for_any_number_and_network(world, clock, ported):
    number = ported("+14155552671")
    world.detour(number, "voice", "T-Mobile USA, Inc.", timedelta(minutes=5))
    assert heard(world, number, T_MOBILE) == ("failed", "received")
    assert heard(world, number) == ("completed", "received")
    clock.jump(timedelta(minutes=5))
    assert heard(world, number, T_MOBILE) == ("completed", "received")
    with pytest.raises(Unknown):
        world.detour(OUTSIDE, "voice")


def test_a_number_that_never_was_here_is_unknown(world):
    with pytest.raises(Unknown):
        world.call(OUTSIDE, "+14155552999")


def test_a_number_sent_back_leaves_the_account_and_rings_at_the_old_operator_again(world, ported, client):
    number = ported("+14155554100")
    world.send_back(number)
    assert client.incoming_phone_numbers.list(phone_number=number) == []
    assert world.call(OUTSIDE, number).transcript == [f"{number} still rings at the old operator"]
    assert client.numbers.v1.porting_portabilities(number).fetch().portable
    with pytest.raises(Unknown):
        world.send_back(number)


def test_a_number_that_was_sent_back_can_be_ported_again(world, ported):
    number = ported("+14155554100")
    world.send_back(number)
    ported(number)
    assert "says “Hello”" in world.call(OUTSIDE, number).transcript
