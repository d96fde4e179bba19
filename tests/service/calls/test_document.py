"""A call plan is read as it was written; any other document is refused."""

import json
from dataclasses import replace
from datetime import date

import pytest

from service.calls.document import read, written
from service.calls.nodes import (
    Announce,
    Directory,
    Forward,
    Goodbye,
    Greeting,
    Hidden,
    Hours,
    Menu,
    RingPhones,
    Span,
    Voicemail,
    usual,
)

EVERYTHING = replace(
    usual(),
    nodes={
        "hello": Announce("menu", Greeting(recording="abc")),
        "menu": Menu({"1": "ring", "2": "names", "0": "out"}, "message", Greeting("Press 1.")),
        "ring": RingPhones("message", (1, 2), 15, in_turn=True, title="Sales"),
        "names": Directory("message"),
        "out": Forward("+14155552671", "bye"),
        "message": Voicemail(Greeting("Speak.")),
        "bye": Goodbye(),
    },
    opening="hello",
    hours=Hours("Europe/Stockholm", ((Span(540, 1020),),) * 7, "SE", (date(2026, 12, 24),)),
    hidden=Hidden.TURN_AWAY,
    blocked=("+14155550199",),
    recorded=True,
    announces_by_law=True,
    spots_machines=True,
    rings_busy=True,
)


@pytest.mark.parametrize("plan", [usual(), EVERYTHING])
def test_a_plan_is_read_as_it_was_written(plan):
    assert read(json.dumps(written(plan))) == plan


@pytest.mark.parametrize("document", [None, "{}"])
def test_a_line_that_nobody_set_up_answers_the_usual_way(document):
    assert read(document) == usual()


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"nodes": None},
        {"nodes": {"ring": {"kind": "teleport"}}},
        {"nodes": {"ring": {"kind": "voicemail", "color": "green"}}},
    ],
)
def test_what_is_no_plan_is_refused(changed):
    with pytest.raises(ValueError, match="call plan"):
        read(json.dumps(written(usual()) | changed))
