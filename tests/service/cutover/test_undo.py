"""Taking a cutover back while another transaction works on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.alerts import Alert, AlertKind
from service.cutover import snapback
from service.cutover.grace import due_for_release, give_notice
from service.cutover.models import TAKEN_BACK, StepName
from service.cutover.proof import Leg, Proof, record_proof
from service.cutover.queries import numbers_to_advance
from service.cutover.rows import cutover_of, steps_of
from service.cutover.steps import advance
from service.cutover.undo import cut_over_again, take_back
from service.errors import Conflict
from service.lines.inventory import numbers_of
from service.lines.models import NumberRole
from service.notifications.models import NoticeKind, Notification
from service.porting import projects
from service.porting.models import Cause, PortNumber
from service.porting.states import State
from service.schedule.prune import release_numbers
from tests.factories import CALLER, a_draft
from tests.service.cutover.locks import until_blocked

CUSTOMER = Cause.CUSTOMER


def done(session, services, number):
    return {name for name, step in steps_of(session, services, number).items() if step.done_at}


def roles(session, services, number):
    return {worn.number == number.number: worn.role for worn in numbers_of(session, number.project.line_id)}


BACK = {True: NumberRole.ARRIVING, False: NumberRole.TEMPORARY}


def prove(session, services, number):
    for leg in (Leg.VOICE, Leg.PICTURES, Leg.SENDING):
        record_proof(session, services, Proof(number.number, leg, f"{leg}1", CALLER))


def test_what_is_taken_back_while_the_carrier_is_at_a_step_stays_taken_back(do, arrived, services, to_carrier, work):
    do(take_back, CUSTOMER)
    work()
    do(cut_over_again, CUSTOMER)

    def meanwhile(response, **_):
        if response.request.method == "POST" and "messaging." in response.url:
            to_carrier.hooks["response"].clear()
            do(take_back, CUSTOMER)

    to_carrier.hooks["response"].append(meanwhile)
    work()
    assert to_carrier.hooks["response"] == []
    assert not do(done) & set(TAKEN_BACK)
    assert do(roles) == BACK
    do(cut_over_again, CUSTOMER)
    work()
    assert StepName.ENROL_TEXTS in do(done)


def enrolled(session, services, number):
    network = services.network("twilio")
    return network.messaging.enrolled(network.numbers.find(number.number).reference)


def test_what_is_taken_back_stays_registered_for_texts_since_operators_forget_for_days(do, work):
    do(take_back, CUSTOMER)
    work()
    assert do(enrolled)


def test_what_is_sent_back_is_no_longer_registered_for_texts_here(do, work):
    do(snapback.ask, CUSTOMER)
    work()
    assert not do(enrolled)


def test_what_moves_again_after_its_return_was_asked_for_texts_once_the_operators_have_forgotten_it(
    do, arrived, services, work, clock
):
    do(snapback.ask, CUSTOMER)
    work()
    do(cut_over_again, CUSTOMER)
    work()
    assert not do(enrolled)
    clock.jump(timedelta(days=2))
    advance(services, arrived)
    assert do(enrolled)


def test_what_is_taken_back_in_the_moment_of_its_proof_is_not_proven(do, arrived, services):
    with ThreadPoolExecutor(1) as elsewhere:
        with services.sessions.begin() as session:
            take_back(session, services, session.get_one(PortNumber, arrived), CUSTOMER)
            proof = elsewhere.submit(do, prove)
            until_blocked(services)
        proof.result(timeout=10)
    assert not do(done) & set(TAKEN_BACK)


def test_what_moves_again_is_tested_as_soon_as_at_first(do):
    def tested(session, services, number):
        cutover_of(session, number).trials = 4

    def trials(session, services, number):
        return cutover_of(session, number).trials

    do(tested)
    do(take_back, CUSTOMER)
    assert do(trials) == 0


def test_as_long_as_its_return_is_asked_for_the_temporary_number_serves_and_is_kept(do, services, work, clock):
    do(prove)
    work()
    do(snapback.ask, CUSTOMER)
    assert do(roles) == BACK
    clock.jump(timedelta(days=60))
    with services.sessions() as session:
        assert due_for_release(session, services.settings) == []


def test_cutting_over_again_withdraws_the_request_for_a_return(do, work):
    do(snapback.ask, CUSTOMER)
    do(cut_over_again, CUSTOMER)
    do(snapback.ask, CUSTOMER)
    assert do(roles) == BACK


def test_a_release_that_has_begun_is_not_overtaken_by_taking_back(do, arrived, services, work, clock):
    do(prove)
    work()
    clock.jump(timedelta(days=30))
    with services.sessions.begin() as session:
        give_notice(session, services)
    clock.jump(timedelta(days=10))
    release_numbers(services)
    with pytest.raises(Conflict):
        do(take_back, CUSTOMER)
    work()
    with services.sessions() as session:
        number = session.get_one(PortNumber, arrived)
        assert number.state is State.LIVE
        assert [worn.number for worn in numbers_of(session, number.project.line_id)] == [number.number]


def test_after_cutting_over_again_the_customer_hears_anew_that_the_old_service_may_end(do, services, work):
    for use_cases in ([prove], [take_back, cut_over_again, prove]):
        for use_case in use_cases:
            do(use_case, *([] if use_case is prove else [CUSTOMER]))
            work()
    with services.sessions() as session:
        told = session.scalars(select(Notification.kind).order_by(Notification.id)).all()
    assert told[-1] == NoticeKind.DONE
    assert NoticeKind.TAKEN_BACK in told


def test_a_number_whose_last_job_was_lost_is_still_finished(do, arrived, services):
    do(prove)
    with services.sessions() as session:
        assert numbers_to_advance(session) == [arrived]
    advance(services, arrived)
    with services.sessions() as session:
        assert session.scalar(select(PortNumber.state)) is State.LIVE


def confirm_return(session, services, number):
    snapback.confirm(session, number)


def test_a_number_that_went_back_leaves_its_line_and_can_be_brought_along_anew(do, arrived, services, work, world):
    do(snapback.ask, CUSTOMER)
    work()
    world.send_back(do(own))
    do(confirm_return)
    work()
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrived)
        assert number.state is State.RETURNED
        assert [worn.role for worn in numbers_of(session, number.project.line_id)] == [NumberRole.TEMPORARY]
        assert NoticeKind.RETURNED in session.scalars(select(Notification.kind)).all()
        again = a_draft(session, number.project.line, number.number)
        projects.submit(session, services, again)


def test_no_return_is_confirmed_that_nobody_asked_for(do, work, world):
    with pytest.raises(Conflict):
        do(confirm_return)
    do(snapback.ask, CUSTOMER)
    work()
    world.send_back(do(own))
    do(confirm_return)
    work()
    with pytest.raises(Conflict):
        do(confirm_return)


def test_a_number_that_the_carrier_still_shows_did_not_go_back_whatever_the_desk_was_told(do, arrived, services, work):
    do(snapback.ask, CUSTOMER)
    do(confirm_return)
    work()
    with services.sessions() as session:
        assert session.get_one(PortNumber, arrived).state is State.PORTED
        assert AlertKind.NUMBER_STILL_HERE in session.scalars(select(Alert.kind)).all()


def own(session, services, number):
    return number.number
