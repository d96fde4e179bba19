import pytest
import requests
from werkzeug.wrappers import Request, Response

from provisioning.carriers.twilio import build
from provisioning.contract.errors import Broken, Conflict, Refused, Unavailable
from provisioning.contract.numbers import Routing, Sought, Wanted
from provisioning.contract.porting import NumberKind
from tests.in_process import InProcess
from tests.provisioning.carrier_cases import NumbersCases
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, SANDBOX, TOKEN

ROUTING = Routing("https://us.test/voice", "https://us.test/message", "https://us.test/call-status")


@pytest.fixture
def numbers(carrier):
    return carrier.network.numbers


class TestTwilioNumbers(NumbersCases):
    @pytest.fixture
    def wanted(self):
        return Wanted("US", area="415")


@pytest.fixture
def sold_out():
    """A carrier without any number for sale, and what it was asked for."""
    asked = []

    @Request.application
    def app(request):
        kind = request.path.rpartition("/")[2].removesuffix(".json")
        common = {"SmsEnabled", "VoiceEnabled", "PageSize"}
        asked.append((kind, {name: value for name, value in request.args.items() if name not in common}))
        return Response('{"uri": "", "available_phone_numbers": []}', content_type="application/json")

    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    return build(ENVIRON, session).network.numbers, asked


@pytest.fixture
def set_by_somebody(session):
    """Change a number in the carrier's console, without our knowledge."""

    def change(owned, **fields):
        address = f"{SANDBOX}/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{owned.reference}.json"
        assert session.post(address, data=fields, auth=(ACCOUNT, TOKEN)).ok

    return change


def test_numbers_in_the_wished_area_come_first(numbers):
    assert {offer.number[:5] for offer in numbers.search(Wanted("US", area="415"))} == {"+1415"}


def test_without_any_in_the_area_the_neighbourhood_will_do(numbers):
    offers = numbers.search(Wanted("US", area="533", near="+14155552671"))
    assert offers
    assert {offer.region for offer in offers} == {"CA"}


def test_without_any_nearby_the_country_will_do(numbers):
    assert numbers.search(Wanted("US", area="533"))


def test_each_search_is_wider_than_the_last(sold_out):
    numbers, asked = sold_out
    assert numbers.search(Wanted("US", area="415", near="+14155552671")) == []
    assert [(kind, sorted(wish.items())) for kind, wish in asked] == [
        ("Local", [("AreaCode", "415")]),
        ("Local", [("NearNumber", "+14155552671")]),
        ("Local", [("Distance", "200"), ("NearNumber", "+14155552671")]),
        ("Local", []),
        ("Mobile", []),
    ]


def test_outside_north_america_the_country_is_one_circle(sold_out):
    numbers, asked = sold_out
    assert numbers.search(Wanted("SE", area="08", near="+46812345678")) == []
    assert asked == [("Local", {}), ("Mobile", {})]


@pytest.mark.parametrize(
    ("sought", "kind", "wish"),
    [
        (Sought("US", area="212", contains="CAKE"), "Local", {"AreaCode": "212", "Contains": "CAKE"}),
        (Sought("CA", town="Vancouver"), "Local", {"InLocality": "Vancouver"}),
        (Sought("US", NumberKind.TOLL_FREE, area="833"), "TollFree", {"AreaCode": "833"}),
    ],
    ids=["area and word", "town", "toll-free"],
)
def test_numbers_to_choose_from_are_searched_once_with_every_criterion(sold_out, sought, kind, wish):
    numbers, asked = sold_out
    assert numbers.choices(sought) == []
    assert asked == [(kind, wish)]


@pytest.mark.parametrize("area", ["000", "12", "4155", "abc"])
def test_an_area_that_cannot_be_is_no_obstacle(numbers, area):
    assert numbers.search(Wanted("US", area=area))


def test_a_country_without_numbers_has_none(numbers):
    assert numbers.search(Wanted("AQ")) == []


def test_a_number_that_is_gone_by_now_is_a_conflict(numbers):
    with pytest.raises(Conflict) as caught:
        numbers.buy("+15005550000", "tag", ROUTING)
    assert caught.value.code == "21422"


def test_what_is_no_number_is_refused(numbers):
    with pytest.raises(Refused) as caught:
        numbers.buy("+15005550001", "tag", ROUTING)
    assert caught.value.code == "21421"
    assert caught.value.faults[0].field == "number"


def test_a_number_bought_while_the_answer_was_lost_is_found_by_its_tag(numbers, world):
    world.faults.add("lose-after", path="*/IncomingPhoneNumbers.json", count=1)
    with pytest.raises(Unavailable) as caught:
        numbers.buy("+14152367003", "tag-7", ROUTING)
    assert not caught.value.not_made
    assert numbers.tagged("tag-7").number == "+14152367003"


def test_the_carrier_is_asked_to_insist_and_its_insistence_is_not_ours(numbers, world):
    owned = numbers.buy("+14152367003", "tag", ROUTING)
    [at_carrier] = world.state.numbers.values()
    assert at_carrier.settings["voice_url"] == "https://us.test/voice#rc=5&rp=all"
    assert owned.routing == ROUTING


@pytest.mark.parametrize(
    "changed",
    [
        {"VoiceUrl": "https://them.test/"},
        {"VoiceMethod": "GET"},
        {"VoiceApplicationSid": "AP00000000000000000000000000000000"},
        {"TrunkSid": "TK00000000000000000000000000000000"},
        {"SmsUrl": ""},
        {"SmsMethod": "GET"},
        {"SmsApplicationSid": "AP00000000000000000000000000000000"},
        {"StatusCallback": "https://them.test/"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whatever_leads_elsewhere_is_noticed_and_put_right(numbers, set_by_somebody, changed):
    owned = numbers.buy("+14152367003", "tag", ROUTING)
    set_by_somebody(owned, **changed)
    assert numbers.find(owned.number).routing != ROUTING
    assert numbers.apply_routing(owned.reference, ROUTING).routing == ROUTING


def test_our_name_for_a_number_survives_its_routing(numbers):
    owned = numbers.buy("+14152367003", "tag", ROUTING)
    assert numbers.apply_routing(owned.reference, ROUTING).tag == "tag"


@pytest.mark.parametrize(("kind", "not_made"), [("throttle", True), ("outage", True), ("error", False)])
def test_a_bad_day_at_the_carrier_is_no_refusal(numbers, world, kind, not_made):
    world.faults.add(kind, lasting=60)
    with pytest.raises(Unavailable) as caught:
        numbers.buy("+14152367003", "tag", ROUTING)
    assert caught.value.not_made is not_made


@pytest.mark.parametrize("kind", ["throttle", "outage", "error"])
def test_a_list_that_fails_is_unavailable_too(numbers, world, kind):
    world.faults.add(kind, lasting=60)
    with pytest.raises(Unavailable):
        numbers.find("+14152367003")


def test_wrong_credentials_are_nobody_elses_fault(session):
    environ = ENVIRON | {"TWILIO_AUTH_TOKEN": "wrong"}
    with pytest.raises(Broken, match="credentials") as caught:
        build(environ, session).network.numbers.buy("+14152367003", "tag", ROUTING)
    assert caught.value.not_made
    assert "wrong" not in str(caught.value)


def test_a_number_that_was_sent_back_to_its_old_operator_is_found_no_more(numbers, world):
    owned = numbers.buy("+14152367003", "tag", ROUTING)
    world.send_back(owned.number)
    assert numbers.find(owned.number) is None
    assert numbers.owned() == []
