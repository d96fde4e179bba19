"""How calls show: registered once the business is approved, each part once, for the numbers that are there."""

import pytest
from sqlalchemy import select

from provisioning.contract.registration import BusinessKind, Stage
from service.alerts import Alert, unseen
from service.errors import Conflict, Invalid
from service.lines.inventory import lines_of, numbers_of
from service.lines.models import PhoneNumber, Standing
from service.registration.callers import of_calls, offered, proposed_name, register_calls
from service.registration.models import Business, Subject
from service.schedule.poll_registrations import ready_numbers
from service.time import now

ANSWERS = {"caller_name": "Alices Bakery", "employees": 4, "calls_a_day": 20}


@pytest.fixture
def send(services, work):
    """Send how the calls of a workspace are to show."""

    def send(workspace_id, **changes):
        with services.sessions.begin() as session:
            business = session.scalars(select(Business).where(Business.workspace_id == workspace_id)).one()
            for name, answer in (ANSWERS | changes).items():
                setattr(business, name, answer)
            register_calls(session, services, business)
        work()

    return send


@pytest.fixture
def parts(services):
    """Each part with its stage and how many numbers have joined."""

    def read(workspace_id):
        with services.sessions() as session:
            business = session.scalars(select(Business).where(Business.workspace_id == workspace_id)).one()
            return {subject: (one.stage, len(one.numbers)) for subject, one in of_calls(business).items()}

    return read


@pytest.fixture
def approved(register, let_days_pass):
    def make(**changes):
        workspace_id = register(**changes)
        let_days_pass(4)
        return workspace_id

    return make


def test_all_parts_are_approved_and_the_numbers_join(services, world, approved, send, parts, let_days_pass, work):
    workspace_id = approved()
    send(workspace_id)
    assert {stage for stage, _ in parts(workspace_id).values()} == {Stage.CHECKING}
    let_days_pass(5)
    ready_numbers(services)
    work()
    assert parts(workspace_id) == dict.fromkeys(parts(workspace_id), (Stage.APPROVED, 1))
    assert set(parts(workspace_id)) == {Subject.CALLER_NAME, Subject.CALL_SIGNATURE, Subject.CALL_LABELS}
    with services.sessions.begin() as session:
        [number] = numbers_of(session, lines_of(session, workspace_id)[0].id)
        number.standing = Standing.RELEASED
    ready_numbers(services)
    work()
    assert parts(workspace_id) == dict.fromkeys(parts(workspace_id), (Stage.APPROVED, 0))
    products = [one for one in world.state.profiles.values() if one.is_product]
    assert not any(product.numbers for product in products)


def test_a_number_that_cannot_join_holds_up_no_other_and_staff_are_alerted_once(
    services, approved, send, parts, let_days_pass, work
):
    workspace_id = approved()
    send(workspace_id)
    with services.sessions.begin() as session:
        line = lines_of(session, workspace_id)[0]
        gone = PhoneNumber(number="+14155550177", standing=Standing.HELD, carrier="twilio", reference=f"PN{0:032}")
        line.numbers.append(gone)
    let_days_pass(5)
    for _ in range(2):
        ready_numbers(services)
        work()
    assert set(parts(workspace_id).values()) == {(Stage.APPROVED, 1)}
    with services.sessions.begin() as session:
        alerts = session.scalars(select(Alert)).all()
        assert {one.details["what"] for one in alerts} == set(parts(workspace_id))
        assert {tuple(one.details["numbers"]) for one in alerts} == {(f"PN{0:032}",)}
        for one in alerts:
            one.seen_at = now()
        next(one for one in numbers_of(session, line.id) if one.number != "+14155550177").standing = Standing.RELEASED
    ready_numbers(services)
    work()
    assert set(parts(workspace_id).values()) == {(Stage.APPROVED, 0)}, "one that was released leaves all the same"
    with services.sessions() as session:
        assert unseen(session) == 0


def test_sending_it_twice_is_sending_it_once(world, approved, send):
    workspace_id = approved()
    for _ in range(2):
        send(workspace_id)
    products = [one.friendly_name for one in world.state.profiles.values() if one.is_product]
    assert len(products) == len(set(products)) == 4, "the three parts, and what registers texts"


def test_a_refused_part_is_sent_again_with_the_answers_of_now(services, world, approved, send, parts, let_days_pass):
    workspace_id = approved()
    send(workspace_id)
    [named] = [part for part in world.state.parts.values() if part.kind == "cnam_information"]
    [product] = [one for one in world.state.profiles.values() if named.sid in one.parts.values()]
    world.registry.reject_profile(product.sid, "Not the name of the business", 18602)
    let_days_pass(1)
    assert parts(workspace_id)[Subject.CALLER_NAME] == (Stage.REFUSED, 0)
    send(workspace_id, caller_name="Bakery")
    let_days_pass(5)
    assert parts(workspace_id)[Subject.CALLER_NAME][0] is Stage.APPROVED
    assert named.attributes == {"cnam_display_name": "Bakery"}


def test_it_waits_until_the_business_is_approved(register, send):
    workspace_id = register()
    with pytest.raises(Conflict, match="once your business is registered"):
        send(workspace_id)


def test_a_name_that_no_database_takes_is_refused_before_it_is_sent(approved, send, parts):
    workspace_id = approved()
    for name in ("", "7 Eleven", "Alice's", "Café"):
        with pytest.raises(Invalid):
            send(workspace_id, caller_name=name)
    assert parts(workspace_id) == {}


def test_a_sole_proprietor_is_offered_nothing(services):
    assert offered(services, Business(kind=BusinessKind.SOLE_PROPRIETOR)) == []
    assert len(offered(services, None)) == 3


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Alice's Bakery", "Alices Bakery"),
        ("7 Stars & Sons", "Stars and Sons"),
        ("Very Long Name Incorporated", "Very Long Name"),
        ("Internationalizations", "Internationaliz"),
        ("東京", ""),
    ],
)
def test_a_name_is_proposed_in_the_characters_that_are_taken(name, proposed):
    assert proposed_name(name) == proposed
