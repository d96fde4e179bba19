"""The form of a business: filled with what is known, asking only for what is missing, and sent once it is agreed to."""

import pytest
from sqlalchemy import select

from service.lines.models import PhoneNumber
from service.registration.models import Business, Registration, Subject
from service.registration.standing import State, standing
from service.time import now
from tests.factories import OWN, a_draft
from tests.registering import passing_days

ANSWERS = {
    "legal_name": "Alice's Bakery LLC",
    "legal_form": "llc",
    "tax_id": "12-3456789",
    "industry": "food",
    "street": "1 Main Street",
    "city": "San Francisco",
    "region": "California",
    "postal_code": "94105",
    "website": "bakery.example",
    "first_name": "Alice",
    "last_name": "Baker",
    "email": "alice@bakery.example",
    "phone": "415 555 2671",
    "purpose": "deliveries",
    "sample_1": "Alice's Bakery: your cake is ready at [time]. Reply STOP to opt out.",
    "sample_2": "Alice's Bakery: [first name], we got your order.",
    "way_wrote_first": "true",
    "agreed": "true",
}


@pytest.fixture
def the_business(services):
    def read():
        with services.sessions() as session:
            return session.scalars(select(Business)).one()

    return read


@pytest.fixture
def let_days_pass(services, world, clock, work):
    return passing_days(services, world, clock, work)


def send(alice, *, status=200, **changes):
    alice.get("registration.show")
    return alice.submit(
        status=status,
        button="Send the registration",
        **{name: typed for name, typed in (ANSWERS | changes).items() if typed is not None},
    )


def test_the_form_is_filled_with_what_the_bill_says(alice, services, line):
    with services.sessions.begin() as session:
        a_draft(session, session.merge(line), OWN)
    page = alice.get("registration.show")
    known = [page.kept(name) for name in ("legal_name", "trade_name", "street", "city", "first_name", "last_name")]
    assert known == ["Alice's Bakery LLC", "Alice's Bakery", "1 Main Street", "San Francisco", "Alice", "Baker"]
    assert page.kept("sample_1").startswith("Alice's Bakery: ")


@pytest.mark.parametrize(("from_before", "says"), [(False, "After approval"), (True, "Yes")])
def test_the_page_says_whether_texts_leave_meanwhile(alice, services, from_before, says):
    with services.sessions.begin() as session:
        number = session.scalars(select(PhoneNumber)).one()
        number.pool, number.texts_since = "", now() if from_before else None
    send(alice)
    facts = alice.get("registration.show").select('[aria-labelledby="works"] dd')
    assert [fact.text for fact in facts] == ["Yes", "Yes", says]
    assert alice.get("home.welcome").says("start when your business is registered") is not from_before


def test_the_costs_stand_on_the_form_and_are_agreed_to(alice, the_business, services):
    page = send(alice, status=422, agreed=None)
    assert page.wrong() == {"agreed": "Check this box to go on."}
    assert page.says("$4.50")
    assert page.says("$15.00")
    with services.sessions() as session:
        assert not session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).all()


def test_what_is_sent_is_registered_and_the_page_says_where_it_stands(alice, the_business, let_days_pass, work):
    page = send(alice)
    assert page.heading() == "Your business is being checked"
    assert page.says("••-•••6789")
    work()
    let_days_pass(1)
    assert alice.get("registration.show").heading() == "In carrier review"
    let_days_pass(16)
    assert alice.get("registration.show").heading() == "Texting is on"
    business = the_business()
    assert (business.region, business.website, business.ways) == ("CA", "https://bakery.example", ["wrote_first"])
    assert business.privacy_url.endswith("/b/alices-bakery/privacy")


def test_what_is_saved_for_later_is_there_again_and_nothing_is_sent(alice, the_business):
    alice.get("registration.show")
    page = alice.submit(button="Save for later", later="y", **ANSWERS | {"city": "Oakland"})
    assert page.says("Saved. You can finish it later.")
    assert page.kept("city") == "Oakland"
    assert "3456789" not in page.decode()
    assert (the_business().confirmed_at, the_business().slug) == (None, None)


def test_what_is_missing_is_asked_for_beside_its_field_and_the_rest_is_kept(alice, the_business):
    page = send(alice, status=422, street="", tax_id="")
    assert set(page.wrong()) == {"street", "tax_id"}
    assert the_business().city == "San Francisco"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("tax_id", "123", "nine digits"),
        ("tax_id", "123-45-6789", "Social Security"),
        ("website", "our page", "like bakery.example"),
        ("postal_code", "9410", "five digits"),
        ("region", "Bayern", "two letters"),
        ("email", "alice", "name@example.com"),
        ("legal_form", "gmbh", "Choose one"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(alice, the_business, field, typed, said):
    page = send(alice, status=422, **{field: typed})
    assert said in page.wrong()[field]
    assert the_business().legal_name != "Alice's Bakery LLC"


def test_a_doubt_is_asked_about_once_and_a_better_wording_is_taken_over_by_a_button(alice, the_business):
    doubtful = {"legal_name": "Alice's Bakery", "sample_1": "Your cake is ready at [time]. Reply STOP to opt out."}
    page = send(alice, status=422, **doubtful)
    assert page.says("Alice's Bakery LLC")
    use = page.select_one("#doubt-" + page.select("[name=use]")[0]["value"] + " button")
    page = alice.submit(status=422, agreed="true", way_wrote_first="true", use=use["value"])
    assert page.kept("legal_name") == "Alice's Bakery LLC"
    assert page.kept("sample_1") == doubtful["sample_1"]
    page = alice.submit(agreed="true", way_wrote_first="true", button="Send the registration")
    assert page.heading() == "Your business is being checked"
    assert the_business().samples[0] == doubtful["sample_1"]


def test_what_is_refused_for_certain_is_not_sent_however_often(alice):
    doubtful = {"website": "https://bit.ly/bakery"}
    send(alice, status=422, **doubtful)
    assert alice.submit(status=422, agreed="true", button="Send the registration").says("A shortened link is refused")


def test_a_refusal_opens_exactly_the_fields_that_were_wrong_and_says_what_another_try_costs(
    alice, services, work, let_days_pass, bakery
):
    send(alice, tax_id="12-3450795")
    work()
    let_days_pass(1)
    page = alice.get("registration.show")
    assert page.says("The EIN and the name do not belong together")
    asked = {field["name"] for field in page.select("main [name]") if field.get("type") != "hidden"}
    assert asked == {"legal_name", "tax_id", "agreed", "later"}
    assert page.says("Sending it costs nothing.")
    page = alice.submit(tax_id="12-3456789", agreed="true", button="Send the registration")
    assert page.heading() == "Your business is being checked"
    work()
    let_days_pass(1)
    with services.sessions() as session:
        assert standing(session, bakery.id).state is State.WITH_CARRIER


def test_only_those_in_charge_register_the_business(bob, charlie):
    assert bob.get("registration.show", status=403)
    charlie.get("registration.show")
    assert charlie.page.kept("trade_name") == "charlie's"


def test_the_owner_of_a_sole_proprietorship_has_the_text_sent_again(alice, world, work, clock, let_days_pass):
    owner = "+14155552671"
    send(alice, legal_form="sole_proprietor", tax_id="", legal_name="Alice Baker", owner_mobile=owner)
    work()
    let_days_pass(2)
    page = alice.get("registration.show")
    assert page.says("The answer came too late, or none came.")
    assert alice.submit(button="Send the text again").says("The text is on its way.")
    work()
    assert len(world.phone(owner).texts) == 2
    world.text(owner, "+19152782000", "YES")
    let_days_pass(1)
    assert alice.get("registration.show").heading() == "In carrier review"


def test_a_registration_that_waits_for_no_answer_has_none_to_ask_for(alice, work):
    send(alice)
    token = alice.page.select_one("[name=csrf_token]")["value"]
    alice.open(alice.address("registration.show"))
    answer = alice.client.post(alice.address("registration.ask_owner"), data={"csrf_token": token})
    assert answer.status_code == 409


def test_a_landline_is_asked_about_by_itself_and_can_be_sent_as_it_is(alice, work):
    send(alice, phone="415 555 5111")
    work()
    page = alice.get("registration.show")
    assert page.says("This is a landline or an internet number")
    assert page.says("Sending it costs nothing.")
    alice.submit(button="Send the registration", agreed="true")
    work()
    assert alice.get("registration.show").heading() == "Your business is being checked"


def test_a_refusal_that_names_no_field_opens_the_whole_form(alice, world, work, let_days_pass):
    send(alice)
    work()
    [brand] = world.state.brands
    world.registry.decide_brand(brand, "FAILED", 30701)
    let_days_pass(1)
    page = alice.get("registration.show")
    assert page.says("Please check all answers.")
    assert page.kept("legal_name") == ANSWERS["legal_name"]
    assert page.kept("phone")
