"""What people call themselves and what they write runs its own way, and turns nothing around it (UAX #9)."""

import unicodedata

import pytest
from sqlalchemy import update

from provisioning.carriers import manual
from service.accounts.change_log import Change
from service.accounts.models import User, Workspace
from service.desk.worklist import DeskWorklist
from service.inbox.models import Call, Contact, Message
from service.inbox.shared import Note, SavedReply
from service.language import Language
from service.lines.models import Line, Phone, PhoneNumber
from service.porting.models import Document, PortProject
from tests.browser.pages import opened, pages

ARABIC = "مخبز أليس 24"
WRITTEN = {
    User: ["name"],
    Workspace: ["name"],
    Line: ["name"],
    Phone: ["name"],
    PhoneNumber: ["name"],
    Contact: ["name", "notes"],
    Message: ["text"],
    Note: ["text"],
    Call: ["transcript"],
    SavedReply: ["title", "text"],
    Change: ["subject"],
    PortProject: ["subscriber_name", "authorized_person", "street", "city"],
    Document: ["name"],
}
ALONE = "title, option, script, [dir=auto], bdi"
"""A title and a choice stand alone. The rest says that its direction is its own."""


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture
def arabic(filled, services):
    """The business with something on every page, where every name and text is Arabic."""
    with services.sessions.begin() as session:
        for row, columns in WRITTEN.items():
            session.execute(update(row).values(dict.fromkeys(columns, ARABIC)))
    return filled


def turning(text):
    """Whether anything that runs leftwards stands outside of isolates."""
    depth = 0
    for sign in text:
        depth += {"\N{FIRST STRONG ISOLATE}": 1, "\N{POP DIRECTIONAL ISOLATE}": -1}.get(sign, 0)
        if not depth and unicodedata.bidirectional(sign) in {"R", "AL"}:
            return True
    return False


def loose(page):
    """The texts, attributes and fields of a page in which a name turns what stands around it."""
    texts = [text for text in page.find_all(string=turning) if not text.find_parent(lambda tag: tag.css.match(ALONE))]
    said = [(tag, tag.get(name, "")) for tag in page.find_all(True) for name in ("aria-label", "title", "alt")]
    named = [tag for tag, words in said if turning(words) and words != ARABIC]
    fields = page.select("input:not([type=hidden], [dir])")
    typed = [field for field in fields if turning(field.get("value", ""))]
    return [str(text.parent)[:200] for text in texts] + [str(tag)[:200] for tag in (*named, *typed)]


def test_on_every_page_names_and_words_that_run_leftwards_turn_nothing_around_them(app, services, arabic):
    found, named = {}, set()
    for who, endpoint, values in pages(arabic):
        page = opened(app, services, who, endpoint, values, Language.ENGLISH)
        found[endpoint] = found.get(endpoint, []) + loose(page)
        named |= {endpoint} if ARABIC in page.text else set()
    assert {endpoint: there for endpoint, there in found.items() if there} == {}
    assert named >= {"desk.show", "worklist.show", "inbox.show", "home.show", "sign.show", "cutover.show", "team.show"}
