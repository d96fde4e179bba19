"""Before anything is paid the carrier is asked what kind of line the contact's phone is, and a doubt is raised once."""

import pytest
from sqlalchemy import select

from provisioning.contract.errors import Unavailable
from provisioning.contract.lookup import LineKind
from sandbox.faults import Fault, FaultKind
from service.registration.models import Submission
from service.registration.phone_lines import NO_MOBILE, objections_to_phone
from service.registration.standing import State

MOBILE, LANDLINE, INTERNET, UNKNOWN = "+14155556102", "+14155555111", "+14155555122", "+14155555130"


@pytest.fixture
def looked_up(services):
    """Which numbers were looked up, and what they were, try by try."""

    def read():
        with services.sessions() as session:
            tries = session.scalars(select(Submission).where(Submission.phone != "").order_by(Submission.id))
            return [(one.phone, one.phone_line) for one in tries]

    return read


@pytest.mark.parametrize(("phone", "kind"), [(LANDLINE, LineKind.LANDLINE), (INTERNET, LineKind.INTERNET)])
def test_a_landline_and_an_internet_number_are_doubted_before_a_fee_is_due(
    register, stands, world, looked_up, phone, kind
):
    where = stands(register(phone=phone))
    assert where.state is State.REFUSED
    assert [(one.code, one.field) for one in where.objections] == [(NO_MOBILE, "phone")]
    assert world.registry.fees == []
    assert looked_up() == [(phone, kind)]


@pytest.mark.parametrize("phone", [MOBILE, UNKNOWN])
def test_a_mobile_and_what_the_registries_do_not_know_go_on(register, stands, phone):
    assert stands(register(phone=phone)).state is State.CHECKING


def test_sent_again_as_it_is_it_goes_on_and_is_not_looked_up_again(register, mend, stands, looked_up, world):
    workspace_id = register(phone=LANDLINE)
    mend(workspace_id)
    assert stands(workspace_id).state is State.CHECKING
    assert looked_up() == [(LANDLINE, LineKind.LANDLINE)]
    assert [fee.reason for fee in world.registry.fees] == ["brand"]


def test_another_number_is_looked_up_but_no_more_than_three(register, mend, stands, looked_up):
    workspace_id = register(phone=LANDLINE)
    for phone in (INTERNET, "+14155555112"):
        mend(workspace_id, phone=phone)
        assert stands(workspace_id).state is State.REFUSED
    mend(workspace_id, phone="+14155555113")
    assert stands(workspace_id).state is State.CHECKING
    assert len(looked_up()) == 3


def test_a_try_that_is_made_twice_asks_once_and_doubts_both_times(services, register, looked_up):
    register(phone=LANDLINE)
    with services.sessions() as session:
        [submission] = session.scalars(select(Submission.id).where(Submission.phone != ""))
    assert objections_to_phone(services, submission, LANDLINE)
    assert len(looked_up()) == 1


def test_a_look_up_that_fails_keeps_nobody_from_registering(services, register, looked_up, world):
    register(phone=MOBILE)
    with services.sessions.begin() as session:
        session.scalars(select(Submission).where(Submission.phone != "")).one().phone = ""
        submission = session.scalars(select(Submission.id)).first()
    world.faults.active.append(Fault(FaultKind("error"), count=5))
    with pytest.raises(Unavailable):
        services.network("twilio").lookup.kind_of(LANDLINE)
    assert objections_to_phone(services, submission, LANDLINE) == ()
