"""What the desk does with one transfer beyond what its customer can: split, mark, another carrier, papers, a return."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from service.cutover.models import Cutover
from service.cutover.snapback_checklist import SnapbackCheck
from service.desk.log import DeskEntry
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.porting import projects
from service.porting.models import Attempt, CarrierOrder, Cause, PortHistory, PortNumber, PortProject
from service.porting.states import State
from service.time import now
from tests.factories import OWN, a_draft

SECOND = "+14155552009"


def acts(services):
    with services.sessions() as session:
        return list(session.scalars(select(DeskEntry.act).order_by(DeskEntry.id)))


@pytest.fixture
def states(services):
    def states():
        with services.sessions() as session:
            return {number.number: number.state for number in session.scalars(select(PortNumber))}

    return states


@pytest.fixture
def post(operator):
    """Send something to an address of the desk's about a transfer."""

    def post(public_id, endpoint, *, answered=302, **data):
        token = operator.get("desk_transfer.show", public_id=public_id).select_one("[name=csrf_token]")["value"]
        values = {"public_id": public_id, **{name: data.pop(name) for name in ("number_id",) if name in data}}
        answer = operator.client.post(operator.address(endpoint, **values), data={"csrf_token": token, **data})
        assert answer.status_code == answered, answer.text
        return operator.get("desk_transfer.show", public_id=public_id)

    return post


@pytest.fixture
def rejected(filed, services):
    """Two numbers of one order that were rejected."""
    public_id = filed(OWN, SECOND)
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.ACTION_REQUIRED, reasons=["split_needed"]))
    return public_id


def test_a_rejected_number_is_taken_out_of_its_order_and_filed_in_one_of_its_own(
    operator, rejected, post, services, work, clock, states
):
    page = operator.get("desk_transfer.show", public_id=rejected)
    assert {box["value"] for box in page.select("[name=number]")} == {OWN, SECOND}
    page = post(rejected, "desk_acts.split", number=[SECOND])
    assert page.says("Filed (415) 555-2009 separately")
    assert states() == {OWN: State.ACTION_REQUIRED, SECOND: State.SUBMITTING}
    for _ in range(4):
        work()
        clock.jump(timedelta(minutes=2))
    with services.sessions() as session:
        orders = {number.number: number.order_id for number in session.scalars(select(PortNumber))}
        attempts = {one.id: one.sent["numbers"] for one in session.scalars(select(Attempt))}
        latest = session.scalars(select(PortNumber.attempt_id).where(PortNumber.number == SECOND)).one()
    assert attempts[latest] == [SECOND]
    assert orders[OWN] != orders[SECOND]


def test_only_rejected_numbers_are_split_off(filed, post, services):
    page = post(filed(OWN, SECOND), "desk_acts.split", number=[SECOND])
    assert page.select_one(".notice-bad").text.strip() == "Choose rejected numbers."
    assert acts(services) == []


def test_what_was_learned_by_telephone_moves_a_number_as_the_carriers_word_would(filed, signed, post, services, states):
    public_id = filed()
    signed()
    day = (now() + timedelta(days=9)).date()
    page = post(public_id, "desk_acts.mark", status="scheduled", numbers=OWN, day=day.isoformat())
    assert states() == {OWN: State.SCHEDULED}
    assert page.says("Marked (415) 555-2000: The provider committed to a date")
    with services.sessions() as session:
        assert session.scalars(select(PortNumber.committed_on)).one() == day
        assert session.scalars(select(PortHistory.cause).order_by(PortHistory.id.desc())).first() is Cause.STAFF


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"status": "scheduled", "numbers": OWN}, "Enter the date the provider committed to."),
        ({"status": "rejected", "numbers": OWN}, "Choose what the provider rejected."),
        ({"status": "ported", "numbers": "+14155552999"}, "Choose numbers of this order."),
        ({"status": "", "numbers": OWN}, "Choose one of these."),
    ],
)
def test_a_mark_that_lacks_something_is_refused(filed, post, services, typed, told):
    page = post(filed(), "desk_acts.mark", **typed)
    assert page.select_one(".notice-bad").text.strip().endswith(told)
    assert acts(services) == []


@pytest.fixture
def submitted(services, line, work):
    """A transfer that was sent to us, whose filing is still owed."""

    def submit(*numbers):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), *numbers)
        work()
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project.id))
        return project.public_id

    return submit


def test_what_is_marked_before_it_was_filed_is_not_filed_any_more(submitted, post, services, work, states):
    post(submitted(OWN), "desk_acts.mark", status="with_losing_carrier", numbers=OWN)
    work()
    assert states() == {OWN: State.WITH_LOSING_CARRIER}
    with services.sessions() as session:
        assert session.scalars(select(CarrierOrder)).all() == []


def test_what_is_being_filed_is_not_marked(submitted, post, services, states):
    public_id = submitted(OWN)
    with services.sessions.begin() as session:
        filing = LedgerEntry.kind == EntryKind.FILE_PORT
        session.execute(update(LedgerEntry).where(filing).values(progress=Progress.TRYING))
    post(public_id, "desk_acts.mark", status="with_losing_carrier", numbers=OWN, answered=409)
    assert (states(), acts(services)) == ({OWN: State.SUBMITTING}, [])


def test_one_of_the_numbers_that_wait_to_be_filed_is_not_marked_alone(submitted, post, states):
    post(submitted(OWN, SECOND), "desk_acts.mark", status="with_losing_carrier", numbers=OWN, answered=409)
    assert states() == dict.fromkeys([OWN, SECOND], State.SUBMITTING)


def test_what_has_ended_is_not_marked(filed, post, services):
    public_id = filed()
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.CANCELED))
    post(public_id, "desk_acts.mark", status="ported", numbers=OWN, answered=409)
    assert acts(services) == []


def test_there_is_no_other_carrier_to_move_to_where_there_is_one(filed, operator, post, services):
    public_id = filed()
    assert not operator.get("desk_transfer.show", public_id=public_id).select("#carrier")
    page = post(public_id, "desk_acts.change_carrier", carrier="nobody")
    assert page.select_one(".notice-bad").text.strip() == "Choose another carrier."
    assert acts(services) == []


def test_papers_are_made_of_the_answers_as_they_are_now(operator, filed):
    public_id = filed()
    for paper in ("letter", "order-sheet"):
        answer = operator.client.get(operator.address("desk_acts.paper", public_id=public_id, paper=paper))
        assert (answer.status_code, answer.data[:4]) == (200, b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"
    operator.get("desk_acts.paper", public_id=public_id, paper="none", status=404)


@pytest.fixture
def arrived(filed, services):
    """A number that arrived an hour ago, and that its customer wants sent back."""
    public_id = filed()
    with services.sessions.begin() as session:
        number = session.scalars(select(PortNumber)).one()
        number.state, number.ported_at, number.due_on = State.PORTED, now() - timedelta(hours=1), date(2026, 3, 9)
        session.add(Cutover(port_number_id=number.id, snapback_at=now(), taken_back_at=now()))
    return public_id


def test_a_return_has_its_steps_and_how_long_is_left(operator, arrived, clock):
    page = operator.get("desk_transfer.show", public_id=arrived)
    assert page.says("23 h 0 min left") or page.says("22 h 59 min left")
    steps = [" ".join(one.get_text(" ").split()) for one in page.select("#snapback ~ ol li")]
    assert len(steps) == 6
    assert steps[0].startswith("The customer asked to return it")
    clock.jump(timedelta(hours=24))
    assert operator.get("desk_transfer.show", public_id=arrived).says("The 24 hours are over.")


def test_a_step_is_ticked_by_a_person_and_the_tick_taken_back(operator, arrived, post, services):
    with services.sessions() as session:
        number_id = session.scalars(select(PortNumber.id)).one()
    page = post(arrived, "desk_acts.check_off", number_id=number_id, step="request_sent", done="yes")
    assert page.says("Operator")
    with services.sessions() as session:
        assert session.scalars(select(SnapbackCheck)).one().user.name == "Operator"
    post(arrived, "desk_acts.check_off", number_id=number_id, step="request_sent", done="no")
    with services.sessions() as session:
        assert not session.scalars(select(SnapbackCheck)).all()
    post(arrived, "desk_acts.check_off", number_id=number_id, step="asked_for", done="yes", answered=409)
    post(arrived, "desk_acts.check_off", number_id=number_id, step="nothing", answered=404)
    post(arrived, "desk_acts.check_off", number_id=999, step="request_sent", answered=404)


def test_a_number_that_has_not_arrived_has_no_return(operator, filed):
    assert not operator.get("desk_transfer.show", public_id=filed()).select("#snapback")
