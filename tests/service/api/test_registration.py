"""Programs register a business for texts, as its owner does on the page."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from provisioning.contract.registration import Stage
from service.accounts.change_log import Action, Change
from service.accounts.models import Member, Membership
from service.registration.models import Business, Registration, Subject, Submission
from tests.factories import CUSTOMER

ANSWERS = {
    "legal_name": "Alice's Bakery LLC",
    "legal_form": "llc",
    "tax_id": "12-3456789",
    "industry": "food",
    "street": "1 Main Street",
    "city": "San Francisco",
    "region": "CA",
    "postal_code": "94105",
    "first_name": "Alice",
    "last_name": "Baker",
    "email": "alice@bakery.example",
    "phone": CUSTOMER,
    "purpose": "answers",
    "sample_1": "Alice's Bakery: your cake is ready at [time]. Reply STOP to opt out.",
    "sample_2": "Alice's Bakery: [first name], we got your order. Reply HELP for help.",
}


@pytest.fixture
def settings(settings):
    """An installation in which each business registers itself."""
    return replace(settings, single_business=False)


@pytest.fixture
def answer(program):
    """Answer what is asked, on top of what was answered before."""

    def answer(status=200, **sent):
        tag = {"If-Match": program.get("/registration/business").headers["ETag"]}
        return program("PATCH", "/registration/business", json=sent, headers=tag, status=status)

    return answer


@pytest.fixture
def submit(program):
    """Agree to what it costs now, and send it."""

    def submit(status=200, **sent):
        found = program.get("/registration/business").json
        agreed = {
            "agreed": True,
            "fee_cents": found["fee_cents"],
            "answered": [one["key"] for one in found["concerns"]],
        }
        return program("POST", "/registration/submit", json=agreed | sent, status=status)

    return submit


def test_the_answers_are_those_of_the_page_and_the_ein_is_never_told(program, answer, alice):
    told = answer(**ANSWERS)
    assert "3456789" not in told.text
    assert (told.json["last_of_tax_id"], told.json["missing"]) == ("6789", [])
    assert "tax_id" not in told.json
    assert alice.get("registration.show").kept("legal_name") == "Alice's Bakery LLC"
    assert alice.page.kept("city") == "San Francisco"


def test_it_begins_with_what_is_known_and_says_what_is_missing(program):
    found = program.get("/registration/business").json
    assert found["trade_name"] == "Alice's Bakery"
    assert {"street", "industry", "tax_id"} <= {one["field"] for one in found["missing"]}
    assert "legal_name" in found["can_change"]


def test_what_is_left_out_stays(answer):
    answer(**ANSWERS)
    answer(way_on_paper=True)
    told = answer(way_wrote_first=True, city="Oakland").json
    assert (told["city"], told["street"]) == ("Oakland", "1 Main Street")
    assert (told["way_on_paper"], told["way_wrote_first"], told["way_on_the_phone"]) == (True, True, False)


def test_what_is_sent_is_registered_for_the_fee_that_was_agreed_to(program, answer, submit, services, work):
    fee = answer(**ANSWERS).json["fee_cents"]
    assert submit().json["state"] == "checking"
    work()
    with services.sessions() as session:
        assert sum(session.scalars(select(Submission.fee))) == fee
        assert session.scalars(select(Change.action).order_by(Change.id)).all()[-1] is Action.BUSINESS_SENT
    assert submit(409).json["detail"] == "This was sent already."
    refused = answer(422, city="Oakland").json["errors"]
    assert refused == [{"at": "/city", "detail": "This can’t be changed now."}]


def test_a_refusal_is_corrected_and_sent_again(program, answer, submit, services, work):
    answer(**ANSWERS)
    submit()
    with services.sessions.begin() as session:
        who = session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one()
        who.stage = Stage.REFUSED
        who.objections = [{"code": "30445", "mender": "customer", "field": "website", "text": "", "url": ""}]
    assert program.get("/registration").json["objections"][0]["field"] == "website"
    assert program.get("/registration/business").json["can_change"] == ["website"]
    assert answer(422, city="Oakland").json["errors"][0]["at"] == "/city"
    assert answer(website="bakery.example").json["website"] == "https://bakery.example"
    assert submit().json["state"] == "checking"


def test_what_is_missing_or_doubtful_is_not_sent(program, answer, submit):
    missing = {one["at"] for one in submit(422).json["errors"]}
    assert {"/street", "/tax_id"} <= missing
    answer(**ANSWERS | {"sample_2": "Your bread is waiting for you here."})
    assert [one["at"] for one in submit(422, answered=[]).json["errors"]] == ["/sample_2"]
    found = program.get("/registration/business").json["concerns"]
    assert found[0]["proposal"] == "Alice's Bakery: Your bread is waiting for you here."


def test_nothing_is_sent_for_another_fee_or_without_consent(answer, submit, services):
    fee = answer(**ANSWERS).json["fee_cents"]
    assert submit(422, fee_cents=fee + 1).json["errors"][0]["at"] == "/fee_cents"
    assert submit(422, agreed=False).json["errors"][0]["at"] == "/agreed"
    with services.sessions() as session:
        assert Action.BUSINESS_SENT not in session.scalars(select(Change.action)).all()


def test_a_wrong_answer_is_refused_as_on_the_page(answer, services):
    assert answer(422, tax_id="123-45-6789").json["errors"] == [
        {
            "at": "/tax_id",
            "detail": "This looks like a Social Security number. Enter the EIN of the business, or leave it empty.",
        }
    ]
    assert answer(422, industry="magic").json["errors"][0]["at"] == "/industry"
    with services.sessions() as session:
        assert session.scalars(select(Business.tax_id)).all() in ([], [None])


def test_whoever_was_quicker_is_not_overwritten(program, answer):
    tag = {"If-Match": program.get("/registration/business").headers["ETag"]}
    answer(city="Oakland")
    program.refused("PATCH", "/registration/business", "changed_meanwhile", 412, json={"city": "Reno"}, headers=tag)


def test_a_registration_that_waits_for_no_answer_has_none_to_ask_for(program):
    program.refused("POST", "/registration/ask-owner", "conflict", 409)


def test_members_see_where_it_stands_and_no_answers(program, services):
    with services.sessions.begin() as session:
        session.execute(update(Member).values(role=Membership.MEMBER))
    assert program.get("/registration").json["state"] == "not_begun"
    program.refused("GET", "/registration/business", "forbidden", 403)
