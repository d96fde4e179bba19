"""Our account as the carrier has it, its clock, and the campaign our texts leave under."""

import json
from datetime import UTC, datetime

import pytest
import requests
from werkzeug.wrappers import Request, Response

from provisioning.carriers.twilio import build
from provisioning.contract.account import TextRegistration
from provisioning.contract.errors import Broken
from tests.in_process import InProcess
from tests.provisioning.carrier_cases import AccountCases
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, SANDBOX, TOKEN


@pytest.fixture
def account(carrier):
    return carrier.network.account


class TestTwilioAccount(AccountCases):
    @pytest.fixture
    def account_of_a_stranger(self, session):
        return build({**ENVIRON, "TWILIO_AUTH_TOKEN": "wrong"}, session).network.account


def an_account_that(told, **headers):
    """The account at a carrier that answers just this."""

    @Request.application
    def app(request):
        return Response(json.dumps(told), content_type="application/json", headers=headers)

    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    return build(ENVIRON, session).network.account


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({"status": "active", "type": "Full"}, ""),
        ({"status": "suspended", "type": "Full"}, "suspended"),
        ({"status": "closed", "type": "Trial"}, "closed"),
        ({"status": "active", "type": "Trial"}, "trial"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_in_the_carriers_word(told, trouble):
    assert an_account_that(told).state().trouble == trouble


def test_the_carriers_clock_is_the_date_of_its_answer():
    account = an_account_that({"status": "active", "type": "Full"}, Date="Mon, 02 Mar 2026 15:00:07 GMT")
    assert account.state().clock == datetime(2026, 3, 2, 15, 0, 7, tzinfo=UTC)


def test_a_carrier_that_tells_no_time_has_no_clock():
    assert an_account_that({"status": "active", "type": "Full"}).state().clock is None


@pytest.mark.parametrize("told", [{}, {"status": "active"}, {"type": "Full"}])
def test_an_account_without_its_state_is_a_breach(told):
    with pytest.raises(Broken):
        an_account_that(told).state()


def test_a_date_that_cannot_be_read_is_a_breach():
    with pytest.raises(Broken):
        an_account_that({"status": "active", "type": "Full"}, Date="yesterday").state()


@pytest.fixture
def service(session):
    """A messaging service in the account."""
    made = session.post(
        f"{SANDBOX}/messaging.twilio.com/v1/Services", data={"FriendlyName": "Notices"}, auth=(ACCOUNT, TOKEN)
    )
    return made.json()["sid"]


@pytest.mark.parametrize(
    ("status", "registration"),
    [
        ("VERIFIED", TextRegistration.APPROVED),
        ("PENDING", TextRegistration.PENDING),
        ("IN_PROGRESS", TextRegistration.PENDING),
        ("FAILED", TextRegistration.REFUSED),
    ],
)
def test_a_campaigns_state_is_the_registration_of_our_texts(world, session, service, status, registration):
    world.registry.decide_campaign(service, status)
    account = build({**ENVIRON, "TWILIO_MESSAGING_SERVICE_SID": service}, session).network.account
    assert account.text_registration() is registration


def test_a_service_without_a_campaign_is_not_registered(session, service):
    account = build({**ENVIRON, "TWILIO_MESSAGING_SERVICE_SID": service}, session).network.account
    assert account.text_registration() is TextRegistration.MISSING


def test_texts_that_leave_through_no_service_are_not_registered(account):
    assert account.text_registration() is TextRegistration.MISSING
