"""Each business texts from a pool of its own: under its registration, and with its own opt-outs."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from provisioning.contract.account import TextRegistration
from provisioning.contract.messaging import OutgoingMessage
from provisioning.contract.numbers import Sought
from provisioning.contract.porting import NumberKind
from service.accounts.models import Workspace
from service.accounts.newcomers import welcome
from service.alerts import Alert, AlertKind
from service.cutover.models import StepName
from service.cutover.pool_moves import choose_day
from service.cutover.rows import cutover_of, steps_of
from service.cutover.steps import advance
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.inbox.models import Message
from service.inbox.writing import write
from service.language import Language
from service.lines.inventory import add_line, give_temporary, number_held, numbers_of, outgoing_number
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.lines.pools import pool_for
from service.lines.texting import enrol_for_texts
from service.optouts import stopped
from service.porting.models import PortNumber
from service.registration.models import Registration, Subject
from service.registration.standing import State, business_in
from service.registration.submitting import begin
from service.schedule.due_conversations import send_later_texts
from service.schedule.poll_registrations import ready_numbers
from service.time import now, today
from tests.conftest import PLATFORM_NUMBER, PORTLINE, REGISTERED
from tests.factories import CALLER, a_business, a_line
from tests.service.cutover.conftest import arriving  # noqa: F401 -- a fixture
from tests.service.inbox.lines import REAL, wear
from tests.worker import Work


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)


@pytest.fixture
def newcomer(services, work):
    """A business that has just signed up: `newcomer("Alice's Bakery")`; the id of its line."""

    def come(name, area="415"):
        with services.sessions.begin() as session:
            workspace = Workspace(name=name, area=area)
            session.add(workspace)
            session.flush()
            welcome(session, services, workspace)
        work()
        with services.sessions() as session:
            return session.scalars(select(Line.id).where(Line.name == name)).one()

    return come


@pytest.fixture
def register(services, let_days_pass, work):
    """Register the businesses of lines, and wait until carriers have decided: `register(line_id, …, terms_url="…")`."""

    def make(*line_ids, **changes):
        with services.sessions.begin() as session:
            for line_id in line_ids:
                business = a_business(session, session.get_one(Line, line_id).workspace_id, **changes)
                begin(session, services, business, 1950)
        work()
        let_days_pass(16)
        ready_numbers(services)
        work()

    return make


@pytest.fixture
def number_of(services):
    def look(line_id):
        with services.sessions() as session:
            return numbers_of(session, line_id)[0]

    return look


@pytest.fixture
def text(services, clock, work):
    """Write from a line to a person, and let it arrive: `text(line_id, "Hello")`."""

    def send(line_id, words, to=CALLER):
        with services.sessions.begin() as session:
            write(session, conversation_with(session, session.get_one(Line, line_id), to), words, None)
        work()
        clock.jump(timedelta(minutes=1))
        work()

    return send


def read_by(world, phone=CALLER):
    """What a person has read, without the introduction of a first text and the carrier's own answers."""
    texts = [text.body.splitlines()[0].rpartition(": ")[2] for text in world.phone(phone).texts]
    return [text for text in texts if "unsubscribed" not in text]


def pool_of(world, number):
    """The service that a number is in at the carrier, and the one that it has with us."""
    [there] = [service.sid for service in world.state.services.values() if number.reference in service.pool]
    assert there == (number.pool or REGISTERED)
    return there


def test_a_newcomer_has_a_pool_of_its_own_and_texts_once_it_is_registered(
    services, world, newcomer, register, number_of, text
):
    bakery = newcomer("Alice's Bakery")
    assert pool_of(world, number_of(bakery)) != REGISTERED
    assert number_of(bakery).texts_since is None
    with pytest.raises(Conflict, match="Texts start once carriers have approved"):
        text(bakery, "Too early")
    register(bakery)
    text(bakery, "Your cake is ready.")
    assert read_by(world) == ["Your cake is ready."]


def test_a_canadian_newcomer_texts_at_once(world, newcomer, number_of, text):
    bakery = newcomer("La Boulangerie", area="416")
    assert number_of(bakery).number.startswith("+1416")
    text(bakery, "Bonjour")
    assert read_by(world) == ["Bonjour"]


def test_stop_to_one_business_leaves_the_other_and_the_platform_untouched(
    services, world, newcomer, register, number_of, text, work
):
    bakery, plumber = newcomer("Alice's Bakery"), newcomer("Bob's Plumbing")
    register(bakery, plumber)
    world.text(CALLER, number_of(bakery).number, "STOP")
    work()
    text(plumber, "We come at three.")
    assert read_by(world) == ["We come at three."]
    with pytest.raises(Conflict, match="STOP"):
        text(bakery, "Your cake is ready.")
    with services.sessions() as session:
        ids = [session.get_one(Line, line_id).workspace_id for line_id in (bakery, plumber)]
        assert [stopped(session, CALLER, of) for of in (*ids, None)] == [True, False, False]
    notice = OutgoingMessage(PLATFORM_NUMBER, CALLER, "Your number moves on Monday.", f"{PORTLINE}/x")
    services.network("twilio").messaging.send(notice)
    world.text(CALLER, number_of(bakery).number, "START")
    work()
    text(bakery, "Welcome back.")
    assert read_by(world)[-2:] == ["Your number moves on Monday.", "Welcome back."]


@pytest.fixture
def two(services, newcomer, register):
    """The lines of two businesses that carriers have decided about, and the workspace of the one they refused."""
    bakery, plumber = newcomer("Alice's Bakery"), newcomer("Bob's Plumbing")
    register(bakery)
    register(plumber, legal_name="Bob's Plumbing LLC", terms_url="")
    with services.sessions() as session:
        return bakery, plumber, session.get_one(Line, plumber).workspace_id


def test_two_businesses_register_one_is_refused_and_mended_and_a_stop_to_it_leaves_the_other_untouched(
    world, two, register, mend, stands, number_of, text
):
    bakery, plumber, workspace_id = two
    assert (stands(workspace_id).state, stands(workspace_id).fields) == (State.REFUSED, {"terms_url"})
    text(bakery, "Your cake is ready.")
    with pytest.raises(Conflict, match="Texts start once carriers have approved"):
        text(plumber, "We come at three.")

    mend(workspace_id, terms_url="https://plumber.example/terms")
    register()
    world.text(CALLER, number_of(plumber).number, "STOP")
    text(bakery, "And your bread.")
    with pytest.raises(Conflict, match="STOP"):
        text(plumber, "We come at three.")
    assert read_by(world) == ["Your cake is ready.", "And your bread."]
    assert pool_of(world, number_of(bakery)) != pool_of(world, number_of(plumber))
    fees = Counter(fee.reason for fee in world.registry.fees)
    assert (fees["brand"], fees["review"]) == (2, 3)


def test_stop_to_one_number_holds_over_all_numbers_of_the_business_and_after_a_port(
    services, world, newcomer, register, number_of, text, work
):
    bakery = newcomer("Alice's Bakery")
    register(bakery)
    world.text(CALLER, number_of(bakery).number, "STOP")
    work()
    with services.sessions.begin() as session:
        wear(session, session.get_one(Line, bakery), REAL, NumberRole.PRIMARY)
        assert outgoing_number(session, bakery).number == REAL
    with pytest.raises(Conflict, match="STOP"):
        text(bakery, "From our own number now.")


def test_a_full_pool_is_our_staffs_to_look_at(services, world, newcomer, number_of):
    bakery = newcomer("Alice's Bakery")
    number = number_of(bakery)
    pool = world.state.services[number.pool].pool
    del pool[number.reference]
    pool.update({f"PN{place:032}": now() for place in range(1000)})
    enrol_for_texts(services, number_id=number.id)
    with services.sessions() as session:
        found = session.scalars(select(Alert).where(Alert.kind == AlertKind.REGISTRATION_NEEDS_STAFF)).one()
    assert "limit" in found.details["trouble"]


def test_a_number_at_another_carrier_than_its_pool_joins_none_and_operators_are_told_once(
    services, newcomer, number_of
):
    number = number_of(newcomer("Alice's Bakery"))
    with services.sessions.begin() as session:
        bought = session.get_one(PhoneNumber, number.id)
        bought.carrier, bought.pool, bought.texts_since = "elsewhere", "", None
    for _ in range(2):
        enrol_for_texts(services, number_id=number.id)
    with services.sessions() as session:
        bought = session.get_one(PhoneNumber, number.id)
        found = session.scalars(select(Alert).where(Alert.kind == AlertKind.REGISTRATION_NEEDS_STAFF)).one()
    assert (bought.pool, bought.texts_since) == ("", None)
    assert "another carrier" in found.details["trouble"]


class TestFromBefore:
    """A business that has texted under the registration of the installation since before an upgrade."""

    @pytest.fixture
    def bakery(self, services, world, work, loop):
        before = replace(services, settings=replace(services.settings, single_business=True))
        with services.sessions.begin() as session:
            line_id = a_line(session, before).id
        Work(world, before, loop)()
        return line_id

    @pytest.fixture
    def open_line(self, services, work):
        """Give the business of a line another line, with a number: `open_line(line_id)`; the id of the new one."""

        def add(line_id):
            with services.sessions.begin() as session:
                line = add_line(session, session.get_one(Line, line_id).workspace_id, "Shop", "US", Language.ENGLISH)
                session.flush()
                give_temporary(session, services, line)
            work()
            return line.id

        return add

    def test_it_texts_on_and_so_do_its_new_numbers_and_those_that_arrive(
        self, services, world, bakery, open_line, number_of, text
    ):
        shop = open_line(bakery)
        for line_id, words in ((bakery, "As before"), (shop, "Here too")):
            text(line_id, words)
            assert pool_of(world, number_of(line_id)) == REGISTERED
        assert read_by(world) == ["As before", "Here too"]
        with services.sessions() as session:
            assert pool_for(session, services, session.get_one(Line, bakery).workspace_id) == ""
            assert business_in(session, session.get_one(Line, bakery).workspace_id) is None

    def test_registering_moves_no_number_before_its_day_and_new_ones_join_its_own_pool(
        self, services, world, bakery, register, open_line, number_of, text
    ):
        register(bakery)
        text(bakery, "As before")
        assert pool_of(world, number_of(bakery)) == REGISTERED
        assert read_by(world) == ["As before"]
        assert pool_of(world, number_of(open_line(bakery))) == own(services)


class TestMoving:
    """A business that texted under the registration of the installation, and now has its own."""

    @pytest.fixture
    def bakery(self, services, newcomer, number_of):
        line_id = newcomer("Alice's Bakery")
        number, messaging = number_of(line_id), services.network("twilio").messaging
        messaging.enrol(number.reference)
        with services.sessions.begin() as session:
            moved = session.get_one(PhoneNumber, number.id)
            moved.pool, moved.texts_since = "", now()
        return line_id

    @pytest.fixture
    def choose(self, services):
        def day(line_id, ahead):
            with services.sessions.begin() as session:
                workspace_id = session.get_one(Line, line_id).workspace_id
                here = today(ZoneInfo(session.get_one(Workspace, workspace_id).zone))
                choose_day(session, workspace_id, here + timedelta(days=ahead))

        return day

    @pytest.fixture
    def go_on(self, services, clock, work):
        """Days of the clock, on which what is due is done: `go_on(2)`."""

        def jump(days):
            clock.jump(timedelta(days=days))
            work()
            for act in (ready_numbers, send_later_texts):
                act(services)
                work()
            clock.jump(timedelta(minutes=1))
            work()

        return jump

    def test_no_day_is_chosen_before_its_texts_are_registered(self, bakery, choose):
        with pytest.raises(Conflict, match="not registered yet"):
            choose(bakery, 1)

    def test_no_day_is_chosen_that_is_over(self, bakery, register, choose):
        register(bakery)
        with pytest.raises(Conflict, match="still to come"):
            choose(bakery, -1)

    def test_the_day_may_be_this_one_until_it_ends_at_the_business(self, bakery, register, choose, clock):
        register(bakery)
        clock.jump(timedelta(hours=10))  # evening in San Francisco, the next day in UTC
        choose(bakery, 0)

    def test_its_texts_wait_while_the_networks_forget_its_number_and_then_leave(
        self, world, bakery, register, choose, go_on, number_of, text
    ):
        register(bakery)
        choose(bakery, 2)
        go_on(1)
        text(bakery, "Before")
        assert pool_of(world, number_of(bakery)) == REGISTERED
        go_on(1)
        assert number_of(bakery).moving_since
        text(bakery, "Meanwhile")
        assert read_by(world) == ["Before"]
        go_on(3)
        assert read_by(world) == ["Before", "Meanwhile"]
        text(bakery, "After")
        assert read_by(world) == ["Before", "Meanwhile", "After"]
        assert pool_of(world, number_of(bakery)) != REGISTERED

    def test_incoming_texts_go_on_while_it_moves(self, services, world, bakery, register, choose, go_on, number_of):
        register(bakery)
        choose(bakery, 0)
        go_on(0)
        world.text(CALLER, number_of(bakery).number, "Are you open?")
        go_on(0)
        with services.sessions() as session:
            assert session.scalars(select(Message.text)).all() == ["Are you open?"]

    def test_a_line_with_another_number_texts_from_that_meanwhile(
        self, services, bakery, register, choose, go_on, number_of
    ):
        register(bakery)
        with services.sessions.begin() as session:
            line = session.get_one(Line, bakery)
            fixed = {"role": NumberRole.ADDITIONAL, "standing": Standing.HELD, "carrier": "twilio"}
            session.add(PhoneNumber(line=line, number="+14155550178", pool=own(services), texts_since=now(), **fixed))
        choose(bakery, 0)
        go_on(0)
        with services.sessions() as session:
            assert outgoing_number(session, bakery).number == "+14155550178"


def test_a_toll_free_number_is_verified_once_its_business_was_checked_and_then_texts(
    services, world, newcomer, register, let_days_pass, work
):
    bakery = newcomer("Alice's Bakery")
    numbers = services.network("twilio").numbers
    [free, *_] = numbers.choices(Sought("US", NumberKind.TOLL_FREE))
    owned = numbers.buy(free.number, "tag", services.routing("twilio"))
    with services.sessions.begin() as session:
        line = session.get_one(Line, bakery)
        fixed = {"role": NumberRole.ADDITIONAL, "standing": Standing.HELD, "carrier": "twilio"}
        session.add(PhoneNumber(line=line, number=owned.number, reference=owned.reference, routed_at=now(), **fixed))
    register(bakery)
    let_days_pass(4)
    ready_numbers(services)
    with services.sessions() as session:
        assert [one.texts_since is None for one in numbers_of(session, bakery)] == [False, False]
    assert [fee.reason for fee in world.registry.fees if fee.reason != "month"] == ["brand", "review"]


@pytest.fixture
def port(request):
    """The id of a port number that the carrier shows already."""
    return request.getfixturevalue("arriving")


def test_a_ported_number_joins_the_pool_of_its_business_and_waits_for_its_registration(services, port, register):
    advance(services, port)
    with services.sessions() as session:
        number = session.get_one(PortNumber, port)
        line_id = number.project.line_id
        assert cutover_of(session, number).registration is TextRegistration.MISSING
        assert not steps_of(session, services, number)[StepName.ENROL_TEXTS].done_at
    assert services.network("twilio").messaging.enrolled(number_of_port(services, port).reference, own(services))
    register(line_id)
    advance(services, port)
    with services.sessions() as session:
        number = session.get_one(PortNumber, port)
        assert cutover_of(session, number).registration is TextRegistration.APPROVED
        assert steps_of(session, services, number)[StepName.ENROL_TEXTS].done_at
    assert number_of_port(services, port).pool == own(services)


def number_of_port(services, port_number_id):
    with services.sessions() as session:
        return number_held(session, session.get_one(PortNumber, port_number_id).number)


def own(services):
    with services.sessions() as session:
        return session.scalars(select(Registration.reference).where(Registration.subject == Subject.POOL)).one()
