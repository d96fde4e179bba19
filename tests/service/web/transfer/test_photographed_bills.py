"""A photo of a bill: what was read stands beside the picture, and is taken over by a press."""

from dataclasses import replace
from io import BytesIO

import pytest

from service.porting.bills import read_photo
from service.porting.models import PortProject
from service.schedule.prune import wipe_secrets
from tests.factories import a_bill, a_draft, have_read

LINES = ("Rehearsal Bell", "ALICE'S BAKERY LLC", "7 MAIN ST", "SAN FRANCISCO, CA 94105", "Account number: 7700 1144")
ANSWERS = {"subscriber_name": "Alice's Bakery LLC", "street": "1 Main Street", "city": "San Francisco"}


@pytest.fixture
def draft(services, line):
    """Alice's draft, with a photo on which these lines were read."""
    with services.sessions.begin() as session:
        draft = a_draft(session, session.merge(line), "+14155552000")
        for name, answer in {**ANSWERS, "postal_code": "94105", "account_number": "1000200030"}.items():
            setattr(draft, name, answer)
        have_read(draft.documents[-1], *LINES)
    return draft


@pytest.fixture
def kept(services):
    def of(name):
        with services.sessions.begin() as session:
            return getattr(session.query(PortProject).one(), name)

    return of


def review(alice, draft):
    return alice.get("review.show", public_id=draft.public_id)


def said_of(page, field):
    """What stands beside the bill's piece for a field."""
    return next(" ".join(item.text.split()) for item in page.select(".doubts li") if field in item.text)


def use(alice, draft, field, seen, status=200, bill=None):
    review(alice, draft)
    token = alice.page.select_one("main [name=csrf_token]")["value"]
    data = {"csrf_token": token, "bill": bill or draft.documents[-1].id, "field": field, "seen": seen}
    answer = alice.client.post(alice.address("review.use", public_id=draft.public_id), data=data, follow_redirects=True)
    assert answer.status_code == status
    return answer


def test_each_value_stands_beside_the_piece_of_the_photo_where_it_was_found(alice, draft):
    page = review(alice, draft)
    assert "matches your bill." in said_of(page, "name")
    assert "The bill seems to say “7 MAIN ST.” Which is right?" in said_of(page, "Street")
    pieces = page.select("svg.bill-piece image")
    assert len(pieces) == 5  # all but the number, which is not on it
    picture = alice.client.get(pieces[0]["href"])
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.headers["Cache-Control"].startswith("private")
    assert len(page.select("svg.bill-page rect.found")) == 5


def test_what_the_bill_says_is_taken_over_by_a_press_and_not_before(alice, draft, kept):
    review(alice, draft)
    assert kept("street") == "1 Main Street"
    page = alice.submit(button="Use what’s on the bill: Street address", field="street", seen="7 MAIN ST")
    assert kept("street") == "7 MAIN ST"
    assert "matches your bill" in said_of(page, "Street")


def test_another_account_number_is_seen_on_the_picture_alone_and_taken_over_unseen(alice, draft, kept):
    page = review(alice, draft)
    assert "The account number here is different from the one you entered." in said_of(page, "account number")
    assert "7700" not in page.text
    assert "1000200030" not in str(page)
    use(alice, draft, "account_number", "")
    assert kept("account_number") == "7700 1144"


@pytest.mark.parametrize(
    ("field", "seen"),
    [("street", "8 MAIN ST"), ("city", "San Francisco"), ("pin", "1"), ("number", ""), ("agreed_at", "2026-01-01")],
)
def test_what_does_not_stand_there_is_not_taken_over(alice, draft, kept, field, seen):
    assert "has changed" in use(alice, draft, field, seen, 409).text
    assert kept("street") == "1 Main Street"


def test_of_another_bill_than_was_shown_nothing_is_taken_over(alice, draft, kept):
    use(alice, draft, "street", "7 MAIN ST", 409, bill=draft.documents[-1].id + 1)
    assert kept("street") == "1 Main Street"


def test_there_is_no_picture_of_a_page_that_was_not_read_nor_for_another_business(alice, charlie, draft):
    alice.get("review.bill_page", public_id=draft.public_id, position=2, status=404)
    charlie.get("review.bill_page", public_id=draft.public_id, position=1, status=404)


def test_the_pages_are_forgotten_when_the_project_has_ended(alice, draft, services):
    review(alice, draft)
    alice.submit(button="Delete draft")
    wipe_secrets(services)
    with services.sessions() as session:
        assert session.query(PortProject).one().documents[-1].pages == []


class TestWherePhotosAreRead:
    """READ_PHOTOS is on."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, read_photos=True)

    def test_a_photo_with_nothing_on_it_is_read_by_a_job_of_its_own_and_left_to_the_customers_eyes(
        self, alice, draft, services, work
    ):
        alice.get("steps.show", public_id=draft.public_id, name="bill")
        alice.submit(bill=[(BytesIO(a_bill()), "one.png"), (BytesIO(a_bill()), "two.png")])
        assert review(alice, draft).says("We’re reading it to compare.")
        work()
        assert review(alice, draft).says("We can’t read this one")
        with services.sessions() as session:
            [bill] = session.query(PortProject).one().documents
            assert (bill.name, bill.media_type, len(bill.pages)) == ("one.pdf", "application/pdf", 2)

    def test_a_bill_that_went_meanwhile_is_skipped(self, services):
        read_photo(services, document_id=99)
