"""Our account at the second carrier, its clock and prices, and the registry that it looks numbers up in."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from werkzeug.wrappers import Request, Response

from provisioning.carriers.telnyx.account import TelnyxAccount
from provisioning.carriers.telnyx.campaigns import Campaigns
from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.lookup import TelnyxLookup
from provisioning.carriers.telnyx.settings import Settings
from provisioning.carriers.telnyx.toll_free import TollFree
from provisioning.contract.account import AccountState
from provisioning.contract.errors import Broken
from provisioning.contract.lookup import LineKind
from provisioning.contract.porting import NumberKind
from provisioning.http import Outgoing
from provisioning.price_list import read_prices
from tests.in_process import InProcess
from tests.provisioning.carrier_cases import AccountCases
from tests.provisioning.rehearsal import AT_TELNYX, SANDBOX


def account_of(client):
    return TelnyxAccount(client, Campaigns(client), TollFree(client))


class TestTelnyxAccount(AccountCases):
    @pytest.fixture
    def account(self, at_telnyx):
        return account_of(at_telnyx.client)

    @pytest.fixture
    def account_of_a_stranger(self, at_telnyx):
        settings = Settings.from_environ(AT_TELNYX | {"TELNYX_API_KEY": "KEYwrong"})
        return account_of(Client(at_telnyx.outgoing, settings))


def answering(told, **headers):
    """A client of a carrier that answers just this, and the paths that it was asked for."""
    asked = []

    @Request.application
    def app(request):
        asked.append(request.full_path)
        return Response(json.dumps({"data": told}), content_type="application/json", headers=headers)

    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    settings = Settings.from_environ(AT_TELNYX)
    return SimpleNamespace(client=Client(Outgoing(session, SANDBOX), settings), asked=asked)


@pytest.mark.parametrize(("credit", "trouble"), [("0.01", ""), ("0.00", "out of credit"), ("-3.10", "out of credit")])
def test_an_account_without_credit_is_in_trouble_and_the_carriers_clock_is_the_date_of_its_answer(credit, trouble):
    at = answering({"available_credit": credit}, Date="Mon, 02 Mar 2026 15:00:07 GMT")
    assert account_of(at.client).state() == AccountState(trouble, datetime(2026, 3, 2, 15, 0, 7, tzinfo=UTC))


@pytest.mark.parametrize("told", [{}, {"available_credit": "much"}, {"available_credit": None}, []])
def test_a_balance_that_cannot_be_read_is_a_breach(told):
    with pytest.raises(Broken):
        account_of(answering(told).client).state()


PORTED = {"carrier": {"name": "Old", "type": "mobile"}, "portability": {"spid_carrier_name": "New"}}


@pytest.mark.parametrize(
    ("told", "operator", "kind"),
    [
        (PORTED, "New", LineKind.MOBILE),
        (PORTED | {"portability": {"spid_carrier_name": ""}}, "Old", LineKind.MOBILE),
        ({"carrier": {"name": "Old", "type": "fixed line"}, "portability": None}, "Old", LineKind.LANDLINE),
        ({"carrier": {"name": "", "type": "voip"}}, "", LineKind.INTERNET),
        ({"carrier": {"type": "toll free"}}, "", LineKind.OTHER),
        ({"carrier": {"type": ""}}, "", LineKind.UNKNOWN),
        ({"carrier": None}, "", LineKind.UNKNOWN),
    ],
)
def test_a_number_is_at_the_operator_to_whom_it_was_ported(told, operator, kind):
    at = answering(told)
    lookup = TelnyxLookup(at.client)
    assert (lookup.operator_of("+14155552671"), lookup.kind_of("+14155552671")) == (operator, kind)
    assert set(at.asked) == {"/api.telnyx.com/v2/number_lookup/+14155552671?type=carrier"}


@pytest.mark.parametrize("told", [{"carrier": "x"}, {"portability": ["x"]}])
def test_a_lookup_that_cannot_be_read_is_a_breach(told):
    with pytest.raises(Broken):
        TelnyxLookup(answering(told).client).operator_of("+14155552671")


def test_its_price_list_has_what_the_cap_and_the_estimates_ask_for():
    prices = read_prices("provisioning.carriers.telnyx")
    assert prices.month(NumberKind.LOCAL) < prices.month(NumberKind.TOLL_FREE)
    assert prices.rate("+14155552671").segment < prices.rate("+46701234567").segment
    assert prices.detection is None
