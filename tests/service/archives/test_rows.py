"""Rows of an archive as they are written down elsewhere."""

from service.archives.rows import as_here
from service.models import Base

TABLES = Base.metadata.tables


def test_a_greeting_whose_file_was_deleted_is_left_out():
    assert as_here(TABLES["recorded_greetings"], {"media": "", "line_id": 1}, {}, {}) is None
    assert as_here(TABLES["recorded_greetings"], {"media": "a" * 32}, {}, {}) == {"media": "a" * 32}


def test_a_browser_is_no_phone_elsewhere_and_a_telephone_is():
    assert as_here(TABLES["phones"], {"number": "browser:17"}, {}, {}) is None
    assert as_here(TABLES["phones"], {"number": "+14155550177"}, {}, {}) == {"number": "+14155550177"}


def test_a_call_plan_rings_the_phones_and_plays_the_greetings_that_are_here():
    greeting, phones, earlier = {"recording": "old"}, [1, 2, 9], {"recording": "gone"}
    document = {"nodes": {"ring": {"phones": phones, "greeting": greeting}}, "before": {"plan": {"greeting": earlier}}}
    row = as_here(TABLES["call_plans"], {"document": document}, {1: 11, 2: 12}, {"old": "new"})
    assert row["document"]["nodes"]["ring"] == {"phones": [11, 12], "greeting": {"recording": "new"}}
    assert row["document"]["before"]["plan"]["greeting"] == {"recording": ""}
