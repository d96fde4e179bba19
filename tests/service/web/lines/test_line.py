"""The line's page: the drawing of its call plan, its phones, and the simulation of a call."""

import wave
from dataclasses import replace
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from service.calls.changing import block, unblock
from service.calls.nodes import Forward, Greeting, Hidden, Menu, RingPhones, Voicemail
from service.calls.queries import answering_on
from service.lines.inventory import numbers_of

GREETING = (
    "You have reached Alice's Bakery. No one can take your call right now. Please leave a message after the tone."
)


@pytest.fixture
def kept(services, line):
    def read():
        with services.sessions.begin() as session:
            return answering_on(session.connection(), line.id)

    return read


@pytest.fixture
def at_line(alice):
    alice.get("line.first")
    return alice


def picture(page):
    return [" ".join(box.text.split()) for box in page.select(".plan-box strong")]


def tried(page):
    return [told.text for told in page.select(".tried li")]


def test_a_new_line_is_drawn_as_it_answers(at_line):
    assert picture(at_line.page) == ["Ring phones", "Voicemail"]
    assert at_line.page.says("No phone rings yet, so the call goes on at once.")
    assert at_line.page.says("You have reached Alice's Bakery.")


def test_a_line_without_a_name_is_refused_and_nothing_is_kept(at_line, kept):
    before = kept()
    assert set(at_line.submit(name="", status=422).wrong()) == {"name"}
    assert kept() == before


def test_a_step_is_changed(at_line, kept):
    at_line.get("plan.step", line_id=1, name="ring")
    at_line.submit(seconds="35", in_turn="true", title="The shop")
    assert kept().plan.nodes["ring"] == RingPhones("message", seconds=35, in_turn=True, title="The shop")
    at_line.get("plan.step", line_id=1, name="message")
    assert at_line.submit(text="Hello!").says("Says “Hello!” Takes a message.")
    assert kept().plan.nodes["message"] == Voicemail(Greeting("Hello!"))


@pytest.mark.parametrize("seconds", ["4", "61", "soon", ""])
def test_a_step_says_what_is_wrong_beside_its_field(at_line, kept, seconds):
    before = kept()
    at_line.get("plan.step", line_id=1, name="ring")
    assert set(at_line.submit(seconds=seconds, status=422).wrong()) == {"seconds"}
    assert kept() == before


def test_a_menu_is_made_where_it_is_led_to_and_drawn(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    page = at_line.submit(opening="new:menu")
    assert page.says("Saved. Now say what happens here.")
    assert [field["name"] for field in page.select("[name^=key-]")] == ["key-1"]
    page = at_line.submit(**{"key-1": "ring", "new_key": "2", "add_key": "true"})
    assert page.kept("key-1") == "ring"
    page = at_line.submit(**{"key-2": "message", "otherwise": "message"})
    assert kept().plan.nodes["menu-1"] == Menu({"1": "ring", "2": "message"}, "message")
    assert picture(page) == ["Menu", "Ring phones", "Voicemail"]
    assert [when.text for when in page.select(".plan-when")] == [
        "At any time",
        "Key 1",
        "If no one answers",
        "Key 2",
        "Otherwise",
    ]


def test_forwarding_is_made_where_it_is_led_to_and_asks_for_its_number(at_line, kept):
    at_line.get("plan.step", line_id=1, name="ring")
    assert at_line.submit(then="new:forward").says("Saved. Now say what happens here.")
    assert at_line.submit(number="", status=422).says("Enter the number that calls are forwarded to.")
    at_line.get("line.show", line_id=1)
    assert at_line.page.says("Has no number to forward to yet, so calls go on at once.")

    at_line.get("plan.step", line_id=1, name="forward-1")
    at_line.submit(number="415 555 0199")
    assert kept().plan.nodes["forward-1"] == Forward("+14155550199", "message")


HOURS = {"always": "", "zone": "America/New_York", **{f"day-{day}": "" for day in range(7)}, "open-6": "true"}


@pytest.mark.parametrize(
    ("typed", "monday", "tuesday"),
    [
        ("9-5", [(540, 1020)], []),
        ("9–17", [(540, 1020)], []),
        ("9:00-5:00", [(540, 1020)], []),
        ("9 am - 5 pm", [(540, 1020)], []),
        ("18:00–2:00", [(1080, 1440)], [(0, 120)]),
        ("6 pm - 2 am", [(1080, 1440)], [(0, 120)]),
        ("10-14, 22–01:30", [(600, 840), (1320, 1440)], [(0, 90)]),
        ("20–0", [(1200, 1440)], []),
        ("0–24", [(0, 1440)], []),
        ("9am-5", [(540, 1020)], []),
        ("9 to 5 pm", [(540, 1020)], []),
        ("8.30-12, 13-17", [(510, 720), (780, 1020)], []),
        ("9-12, 1-5", [(540, 720), (780, 1020)], []),
        ("closed", [], []),
    ],
)
def test_hours_are_read_as_people_write_them_also_over_midnight(at_line, kept, typed, monday, tuesday):
    at_line.get("plan.hours", line_id=1)
    at_line.submit(**HOURS | {"day-0": typed})
    week = kept().plan.hours.week
    assert [[(span.opens, span.closes) for span in day] for day in week[:2]] == [monday, tuesday]


@pytest.mark.parametrize("typed", ["nine to five", "9", "9-", "25-26", "9-9"])
def test_hours_that_are_not_understood_are_refused_with_what_is(at_line, typed):
    at_line.get("plan.hours", line_id=1)
    page = at_line.submit(**HOURS | {"day-0": typed}, status=422)
    assert page.wrong() == {"day-0": "Write hours like 9-5, 9:00–17:00 or 8.30-12, 13-17. Leave it empty when closed."}


def test_a_plan_is_started_from_a_template_and_the_one_before_comes_back_by_undo(at_line, kept):
    at_line.get("callers.show", line_id=1)
    at_line.submit(hidden="voicemail", blocked="(415) 555-0199")
    before = kept().plan
    page = at_line.submit(button="Menu")
    assert picture(page) == ["Menu", "Ring phones", "Voicemail"]
    assert [when.text for when in page.select(".plan-when")][1:] == [
        "Key 1",
        "If no one answers",
        "Key 2",
        "Otherwise",
    ]
    plan = kept().plan
    assert (plan.hidden, plan.blocked) == (before.hidden, before.blocked)
    at_line.submit(button="Undo the last change")
    assert kept().plan == before
    page = at_line.submit(button="After hours")
    assert page.says("Business hours Mon–Fri 9:00")
    assert kept().plan.hours.zone == "America/Los_Angeles"
    assert len(page.select(".plan-voicemail")) == 2
    page = at_line.submit(button="Ring us, then voicemail")
    assert picture(page)[:2] == ["Ring phones", "Voicemail"]
    assert kept().plan.hours, "hours stay"


def test_hours_over_the_night_to_monday_begin_its_week(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    at_line.submit(**HOURS | {"day-6": "22–3", "day-0": "9–17"})
    assert [(span.opens, span.closes) for span in kept().plan.hours.week[0]] == [(0, 180), (540, 1020)]


def test_a_key_may_lead_back_to_its_menu_and_nothing_else_may(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    at_line.submit(opening="new:menu")
    at_line.submit(new_key="9", add_key="true")
    at_line.submit(**{"key-9": "menu-1"})
    assert kept().plan.nodes["menu-1"].keys["9"] == "menu-1"
    at_line.get("plan.step", line_id=1, name="menu-1")
    assert at_line.page.kept("key-9") == "menu-1"
    assert set(at_line.submit(otherwise="menu-1", status=422).wrong()) == {"otherwise"}


def test_a_plan_that_goes_round_in_circles_is_not_kept(at_line, kept):
    before = kept()
    at_line.get("plan.step", line_id=1, name="ring")
    at_line.submit(then="new:announce")
    page = at_line.submit(then="ring", status=422)
    assert page.wrong()["then"].startswith("From here a call could go round in circles.")
    assert kept().plan.nodes["ring"] != before.plan.nodes["ring"]
    assert kept().plan.nodes["announce-1"].then == "message"


def test_a_step_without_a_way_on_is_not_kept(at_line):
    at_line.get("plan.step", line_id=1, name="ring")
    assert at_line.submit(then="", status=422).wrong() == {"then": "Choose what happens then."}


def test_a_step_that_no_call_comes_to_can_be_removed_and_others_cannot(at_line, kept):
    at_line.get("plan.step", line_id=1, name="ring")
    at_line.submit(then="new:goodbye")
    at_line.submit(title="Bye")
    at_line.get("plan.step", line_id=1, name="ring")
    page = at_line.submit(then="message")
    assert page.says("Steps that no call comes to")
    at_line.submit(button="Remove Bye")
    assert set(kept().plan.nodes) == {"ring", "message"}


def test_hours_are_kept_and_drawn(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    page = at_line.submit(
        always="",
        **{f"day-{day}": "9 am – 5:30 pm" for day in range(4)},
        **{"day-4": "9-12, 13.15–17", "day-5": "", "day-6": ""},
        holidays="US",
        closed_on="2026-12-24",
        zone="America/Los_Angeles",
        closed="message",
    )
    hours = kept().plan.hours
    assert [(span.opens, span.closes) for span in hours.week[0]] == [(540, 1050)]
    assert [(span.opens, span.closes) for span in hours.week[4]] == [(540, 720), (795, 1020)]
    assert page.says("Business hours Mon–Thu 9:00")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("day-0", "nine"), ("day-1", "9-9"), ("closed_on", "Christmas"), ("zone", "Mars/Base"), ("holidays", "ZZ")],
)
def test_hours_that_cannot_be_read_are_refused_beside_their_field(at_line, kept, field, typed):
    before = kept()
    at_line.get("plan.hours", line_id=1)
    assert set(at_line.submit(**{"always": "", field: typed}, status=422).wrong()) == {field}
    assert kept() == before


def test_callers_are_blocked_and_hidden_ones_turned_away(at_line, kept):
    at_line.get("callers.show", line_id=1)
    page = at_line.submit(hidden="turn_away", blocked="(415) 555-0199")
    assert (kept().plan.hidden, kept().plan.blocked) == (Hidden.TURN_AWAY, ("+14155550199",))
    assert page.says("1 blocked number hears that the line is busy.")
    assert page.says("Callers who hide their number are asked to show it.")


def test_voicemails_of_phones_are_hung_up_on_for_a_price_that_is_told(at_line, kept):
    page = at_line.get("callers.show", line_id=1)
    assert page.says("This costs $0.75 for every 100 cell phones and landlines")
    at_line.submit(spots_machines="true")
    assert kept().plan.spots_machines
    at_line.get("callers.show", line_id=1)
    at_line.submit(spots_machines="false")
    assert not kept().plan.spots_machines


def test_where_the_carrier_cannot_tell_voicemails_they_are_no_choice(at_line, services, monkeypatch):
    carrier, prices = services.carriers["twilio"], replace(services.network("twilio").prices, detection=None)
    without = replace(carrier, network=replace(carrier.network, prices=prices))
    monkeypatch.setitem(services.carriers, "twilio", without)
    assert not at_line.get("callers.show", line_id=1).says("voicemail of phones")


def test_calls_are_recorded_and_the_other_person_told_always_or_where_the_law_asks_for_it(at_line, kept):
    at_line.get("callers.show", line_id=1)
    page = at_line.submit(recorded="true")
    assert (kept().plan.recorded, kept().plan.announces_by_law) == (True, False)
    assert page.says("Calls are recorded, and everyone is told.")
    at_line.get("callers.show", line_id=1)
    page = at_line.submit(announces_by_law="true")
    assert (kept().plan.recorded, kept().plan.announces_by_law) == (True, True)
    assert page.says("Calls are recorded. The other person is told where the law asks for it.")


def test_saving_callers_keeps_what_colleagues_blocked_and_unblocked_meanwhile(at_line, kept, services, line):
    at_line.get("callers.show", line_id=1)
    at_line.submit(blocked="(415) 555-0199\n(415) 555-0198")
    at_line.get("callers.show", line_id=1)
    with services.sessions.begin() as session:
        block(session, session.merge(line), "+14155550197")
        unblock(session, session.merge(line), "+14155550198")
    at_line.submit(blocked="(415) 555-0199\n(415) 555-0198\n(415) 555-0196")
    assert set(kept().plan.blocked) == {"+14155550199", "+14155550197", "+14155550196"}
    at_line.get("callers.show", line_id=1)
    at_line.submit(blocked="")
    assert kept().plan.blocked == ()


def test_a_caller_with_a_sip_address_is_blocked_by_it(at_line, kept, world, line):
    at_line.get("callers.show", line_id=1)
    at_line.submit(blocked="sip:anna@example.com")
    assert kept().plan.blocked == ("sip:anna@example.com",)
    at_line.get("callers.show", line_id=1)
    assert set(at_line.submit(blocked="anna", status=422).wrong()) == {"blocked"}


def test_a_line_that_is_always_open_minds_no_hours(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    at_line.submit(**{"always": "true", "day-0": "whenever", "closed_on": "Christmas"})
    assert kept().plan.hours is None


def test_a_try_tells_what_happens_now_and_on_sunday(at_line, line, rings):
    rings(Alice="+14155552671")
    at_line.get("plan.hours", line_id=1)
    at_line.submit(always="", holidays="US")
    at_line.get("line.show", line_id=line.id, when="2026-03-02T10:00")
    assert tried(at_line.page) == [
        "Rings (415)\N{NO-BREAK SPACE}555\N{NON-BREAKING HYPHEN}2671 for 20 seconds.",
        "No one answers.",
        f"The caller hears: “{GREETING}”",
        (
            "After the tone they can leave a message. "
            "You find it in the inbox; what is said in English is also written down."
        ),
    ]
    at_line.get("line.show", line_id=line.id, when="2026-03-01T10:00")
    assert len(tried(at_line.page)) == 2
    at_line.get("line.show", line_id=line.id, when="2026-03-02T10:00", answered="true")
    assert tried(at_line.page)[-1] == "Someone answers, and they talk."


@pytest.mark.parametrize(("field", "typed"), [("when", "soon"), ("caller", "12"), ("keys", "abc")])
def test_a_try_says_what_is_wrong_beside_its_field(at_line, line, field, typed):
    at_line.get("line.show", line_id=line.id, **{"when": "2026-03-02T10:00", field: typed})
    assert set(at_line.page.wrong()) == {field}


def test_a_member_sees_the_plan_and_changes_nothing(alice, bob, line):
    page = bob.get("line.show", line_id=line.id)
    assert picture(page) == ["Ring phones", "Voicemail"]
    assert not page.select(".plan-box a")
    bob.get("plan.step", line_id=line.id, name="ring", status=403)


def test_the_plan_of_somebody_else_is_not_there(charlie, line):
    charlie.get("plan.step", line_id=line.id, name="ring", status=404)


def a_sound(seconds=1):
    """A WAV file of silence."""
    sound = BytesIO()
    with wave.open(sound, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(bytes([128]) * 8000 * seconds)
    return sound.getvalue()


def test_a_recorded_greeting_is_kept_and_played_to_callers(at_line, kept, client, world, line, services):
    at_line.get("plan.step", line_id=line.id, name="message")
    content = a_sound()
    page = at_line.submit(sound=(BytesIO(content), "hello.wav"))
    recording = kept().plan.nodes["message"].greeting.recording
    assert page.says("Plays your recording.")
    with services.sessions.begin() as session:
        number = numbers_of(session, line.id)[0].number
    played = [told for told in world.call("+14155550123", number).transcript if told.startswith("plays ")]
    address = played[0].removeprefix("plays ")
    assert address.endswith(f"/greetings/{recording}")
    assert client.get(urlsplit(address).path).data == content


def test_a_recording_stays_when_something_else_of_its_step_is_changed(at_line, kept, line):
    at_line.get("plan.step", line_id=line.id, name="message")
    at_line.submit(sound=(BytesIO(a_sound()), "hello.wav"))
    recording = kept().plan.nodes["message"].greeting.recording
    at_line.get("plan.step", line_id=line.id, name="message")
    at_line.submit(title="After hours")
    assert kept().plan.nodes["message"] == Voicemail(Greeting(recording=recording), "After hours")
    at_line.get("plan.step", line_id=line.id, name="message")
    at_line.submit(recording="")
    assert kept().plan.nodes["message"].greeting == Greeting()


def test_the_plan_before_is_put_back_and_that_is_logged(at_line, kept, line):
    before = kept()
    assert not at_line.page.says("Undo the last change")
    at_line.get("plan.step", line_id=line.id, name="message")
    page = at_line.submit(text="Hello!")
    assert page.says("Undo the last change")
    assert at_line.submit(button="Undo the last change").says("Put back. The next call is answered as before.")
    assert kept() == before
    assert at_line.get("changes.listing").says("Restored how Alice's Bakery answered calls before")


@pytest.mark.parametrize("content", [b"not a sound", b"RIFF0000WAVEnothing", a_sound(181)])
def test_what_callers_could_not_be_played_is_refused(at_line, kept, line, content):
    before = kept()
    at_line.get("plan.step", line_id=line.id, name="message")
    assert set(at_line.submit(sound=(BytesIO(content), "hello.wav"), status=422).wrong()) == {"sound"}
    assert kept() == before


def test_only_greetings_are_served_without_signing_in(client, services):
    name = services.media.put(b"a voicemail", "audio/wav")
    assert client.get(f"/greetings/{name}").status_code == 404


def test_a_step_stands_beside_the_picture_in_which_it_is_marked(at_line):
    page = at_line.get("plan.step", line_id=1, name="message")
    assert picture(page) == ["Ring phones", "Voicemail"]
    assert [step.text for step in page.select(".plan-box [aria-current]")] == ["Voicemail"]


def test_a_key_is_removed_in_place_and_gone_once_that_is_saved(at_line, kept):
    at_line.submit(button="Menu")
    before = kept().plan
    at_line.get("plan.step", line_id=1, name="menu")
    page = at_line.submit(drop_key="2")
    assert [field["name"] for field in page.select("select[name^=key-]")] == ["key-1"]
    assert kept().plan == before, "nothing is saved yet"
    at_line.submit(title="")
    assert kept().plan.nodes["menu"].keys == {"1": "ring"}


def test_the_hours_of_monday_are_copied_to_all_days_that_are_switched_on(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    page = at_line.submit(**{"always": "", "day-0": "8-4", "open-5": "true", "copy": "true"})
    assert [page.kept(f"day-{day}") for day in range(7)] == ["8-4"] * 6 + [""]
    at_line.submit(always="", zone="America/New_York")
    assert [[(span.opens, span.closes) for span in day] for day in kept().plan.hours.week] == [[(480, 960)]] * 6 + [[]]


def test_a_day_that_is_switched_off_is_closed_whatever_its_hours_are(at_line, kept):
    at_line.get("plan.hours", line_id=1)
    at_line.submit(**{"always": "", "open-0": "", "day-0": "whenever"})
    assert [bool(day) for day in kept().plan.hours.week] == [False, True, True, True, True, False, False]
