"""Businesses registered at the second carrier: what lost answers cost, what refusals say, and numbers that join."""

from dataclasses import replace
from functools import partial
from itertools import product

import pytest

from provisioning.carriers.telnyx import build
from provisioning.carriers.telnyx.objections import objections_in
from provisioning.contract.account import TextRegistration
from provisioning.contract.errors import NotFound, Refused, Unavailable
from provisioning.contract.numbers import Routing, Sought, Wanted
from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import BusinessKind, Entered, Fee, Mender, Stage, TollFreeUse
from sandbox.telnyx.ten_dlc import ASSIGNMENT, BRAND, CAMPAIGN, TOLL_FREE
from tests.provisioning.registration_cases import BUSINESS, NEWS, PROGRAM, RegistrationCases
from tests.provisioning.rehearsal import AT_TELNYX, lost_and_repeated

ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")
USE = TollFreeUse("https://acme.example/box.png", 400)
UNKNOWN = "0d7d7e45-9a4c-4a4f-9f5c-2e1b54b6a001"
LOSSES = ["lose-before", "lose-after", "error"]
REQUESTS_OF_A_BUSINESS = 2
REQUESTS_OF_A_PROGRAM = 6
REQUESTS_OF_JOINING = 5


@pytest.fixture
def network(session, at_telnyx):
    """The network of an account at the second carrier."""
    address = "https://us.test/webhooks/telnyx"
    return build(AT_TELNYX, session, address=lambda subject: f"{address}/{subject}", pause=at_telnyx.pause).network


@pytest.fixture
def registration(network):
    return network.registration


@pytest.fixture
def unregistrable():
    return replace(BUSINESS, tax_id="12-3450795")


@pytest.fixture
def let_days_pass(world, clock, let_days_pass):
    """Campaigns pass a stage each minute here, so that a few steps are too few."""

    def let_pass(days):
        for _ in range(3):
            let_days_pass(days)

    return let_pass


def kept(world, kind):
    return [one.fields for one in world.state.kept.values() if one.kind == kind]


class TestTelnyxRegistration(RegistrationCases):
    @pytest.fixture
    def unknown(self):
        return UNKNOWN

    @pytest.fixture
    def unknown_pool(self):
        return UNKNOWN


def test_a_sole_proprietor_is_not_among_the_kinds(registration):
    assert registration.capabilities.kinds == {BusinessKind.LOW_VOLUME, BusinessKind.STANDARD}
    assert registration.capabilities.fees[BusinessKind.LOW_VOLUME][Fee.BUSINESS] == 450


def test_the_registry_is_told_who_the_business_is(registration, world):
    registration.enter_business(replace(BUSINESS, address=replace(BUSINESS.address, street2="Suite 4")), "tag", NEWS)
    [brand] = kept(world, BRAND)
    assert (brand["entityType"], brand["ein"], brand["street"]) == ("PRIVATE_PROFIT", "123456789", "1 Main St Suite 4")


class TestLostAnswers:
    @pytest.mark.parametrize("kind", LOSSES)
    @pytest.mark.parametrize("at", range(REQUESTS_OF_A_BUSINESS))
    def test_a_business_costs_once(self, registration, world, kind, at):
        enter = partial(registration.enter_business, BUSINESS, "tag", NEWS)
        reference = lost_and_repeated(world, kind, at, enter)
        assert registration.find_business("tag") == reference
        assert len(kept(world, BRAND)) == 1

    @pytest.mark.parametrize("kind", LOSSES)
    @pytest.mark.parametrize("at", range(REQUESTS_OF_A_PROGRAM))
    def test_a_program_costs_once(self, registration, world, let_days_pass, kind, at):
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        let_days_pass(1)

        def enter():
            pool = registration.open_program("Acme", "tag")
            registration.enter_program(pool, business, BUSINESS.kind, PROGRAM, NEWS)
            return pool

        pool = lost_and_repeated(world, kind, at, enter)
        assert registration.program(pool).stage is Stage.IN_REVIEW
        assert len(kept(world, CAMPAIGN)) == 1
        assert registration.opened().count(Entered(pool, "tag")) == 1


class TestRefusals:
    def test_a_refused_business_is_told_by_its_field(self, registration, unregistrable, let_days_pass):
        reference = registration.enter_business(unregistrable, "tag", NEWS)
        let_days_pass(1)
        [objection] = registration.business(reference).objections
        assert (objection.code, objection.field, objection.mender) == ("TAX_ID", "tax_id", Mender.CUSTOMER)

    def test_what_is_mended_keeps_its_tag(self, registration, unregistrable, let_days_pass):
        reference = registration.enter_business(unregistrable, "tag", NEWS)
        let_days_pass(1)
        registration.mend_business(reference, BUSINESS, "tag")
        assert registration.find_business("tag") == reference

    @pytest.fixture
    def refuse(self, registration, world, let_days_pass):
        """A pool whose program is refused with these words."""

        def refuse(reason, program=PROGRAM):
            business = registration.enter_business(BUSINESS, "tag", NEWS)
            pool = registration.open_program("Acme", "tag")
            let_days_pass(1)
            registration.enter_program(pool, business, BUSINESS.kind, program, NEWS)
            [campaign] = kept(world, CAMPAIGN)
            world.ten_dlc.decide(campaign["campaignId"], "TELNYX_FAILED", reason)
            return pool

        return refuse

    @pytest.mark.parametrize(
        ("reason", "field", "mender"),
        [
            ("The opt-in cannot be verified.", "flow", Mender.CUSTOMER),
            ("The sample messages do not match.", "samples", Mender.WORDING),
            ("SHAFT content.", "", Mender.FINAL),
            ("Declined by reviewer.", "", Mender.OPERATOR),
        ],
    )
    def test_a_refused_program_says_why_as_far_as_its_words_are_known(
        self, registration, refuse, reason, field, mender
    ):
        told = registration.program(refuse(reason))
        assert told.stage is Stage.REFUSED
        assert [(one.field, one.mender, one.text) for one in told.objections] == [(field, mender, reason)]

    def test_what_can_be_changed_is_changed_and_appealed(self, registration, world, refuse, let_days_pass):
        pool = refuse("The opt-in cannot be verified.")
        registration.mend_program(pool, replace(PROGRAM, flow="Visitors type a number and tick a box, which is empty."))
        [campaign] = kept(world, CAMPAIGN)
        assert campaign["messageFlow"].startswith("Visitors")
        let_days_pass(2)
        assert registration.program(pool).stage is Stage.APPROVED

    @pytest.mark.parametrize("kind", LOSSES)
    @pytest.mark.parametrize("at", range(8))
    def test_what_cannot_be_changed_is_submitted_anew_once(self, registration, world, refuse, let_days_pass, kind, at):
        pool = refuse("There is no page about privacy.", replace(PROGRAM, privacy_url=""))

        [brand] = [one["brandId"] for one in kept(world, BRAND)]

        def mend():
            """As is asked after a lost answer."""
            there = registration.program(pool)
            if there is None:
                registration.enter_program(pool, brand, BUSINESS.kind, PROGRAM, NEWS)
            elif there.stage is Stage.REFUSED:
                registration.mend_program(pool, PROGRAM)

        lost_and_repeated(world, kind, at, mend)
        mend()
        [campaign] = kept(world, CAMPAIGN)
        assert campaign["referenceId"] == f"{pool}-2"
        let_days_pass(2)
        assert registration.program(pool).stage is Stage.APPROVED

    @pytest.mark.parametrize(
        ("status", "stage"),
        [("TCR_SUSPENDED", Stage.SUSPENDED), ("TCR_EXPIRED", Stage.GONE), ("MNO_REJECTED", Stage.REFUSED)],
    )
    def test_each_end_of_a_program_has_its_stage(self, registration, world, refuse, status, stage):
        pool = refuse("")
        [campaign] = kept(world, CAMPAIGN)
        world.ten_dlc.decide(campaign["campaignId"], status)
        assert registration.program(pool).stage is stage

    def test_no_number_is_in_the_words_of_an_objection(self):
        [told] = objections_in("", "Call 415-555-2671 about EIN 123456789")
        assert "2671" not in told.text
        assert "6789" not in told.text


class TestNumbersOfAProgram:
    @pytest.fixture
    def pool(self, registration, let_days_pass):
        """A pool whose program is in review from now on."""
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        let_days_pass(1)
        pool = registration.open_program("Acme", "tag")
        registration.enter_program(pool, business, BUSINESS.kind, PROGRAM, NEWS)
        return pool

    @pytest.fixture
    def approved(self, pool, let_days_pass):
        """The same, once its program has passed its reviews."""
        let_days_pass(2)
        return pool

    @pytest.fixture
    def number(self, network):
        return network.numbers.buy("+14152367003", "tag", ROUTING).reference

    @staticmethod
    def join(network, number, pool, carry):
        """Have a number join, and again once it is taken."""
        with pytest.raises(Unavailable):
            network.messaging.enrol(number, pool)
        carry()
        network.messaging.enrol(number, pool)

    def test_a_number_joins_once_its_program_is_approved(self, network, pool, number, world, carry, let_days_pass):
        network.messaging.enrol(number, pool)
        assert kept(world, ASSIGNMENT) == []
        assert network.account.text_registration(pool) is TextRegistration.PENDING
        let_days_pass(2)
        assert not network.messaging.enrolled(number, pool)
        self.join(network, number, pool, carry)
        assert network.messaging.enrolled(number, pool)
        assert network.account.text_registration(pool) is TextRegistration.APPROVED

    @pytest.mark.parametrize("lost", list(product(LOSSES, range(REQUESTS_OF_JOINING))))
    def test_it_joins_once_wherever_an_answer_was_lost(self, network, approved, number, world, carry, lost):
        join = partial(network.messaging.enrol, number, approved)
        with pytest.raises(Unavailable):
            lost_and_repeated(world, *lost, join)
        carry()
        join()
        assert len(kept(world, ASSIGNMENT)) == 1

    def test_it_moves_from_one_pool_to_another_and_leaves_that_alone(
        self, network, registration, pool, number, world, carry, let_days_pass
    ):
        let_days_pass(2)
        self.join(network, number, pool, carry)
        [campaign] = kept(world, CAMPAIGN)
        other = registration.open_program("Acme", "other")
        registration.enter_program(other, campaign["brandId"], BUSINESS.kind, PROGRAM, NEWS)
        let_days_pass(2)
        self.join(network, number, other, carry)
        network.messaging.withdraw(number, pool)
        assert network.messaging.enrolled(number, other)
        network.messaging.withdraw(number, other)
        network.messaging.withdraw(number, other)
        assert kept(world, ASSIGNMENT) == []

    def test_a_number_that_operators_do_not_take_says_why(self, network, pool, number, world, carry, let_days_pass):
        let_days_pass(2)
        with pytest.raises(Unavailable):
            network.messaging.enrol(number, pool)
        [joined] = kept(world, ASSIGNMENT)
        joined |= {"assignmentStatus": "FAILED_ASSIGNMENT", "failureReasons": "Not ours"}
        world.faults.add("error", path=f"*/{joined['phoneNumber']}", status=422)
        with pytest.raises(Refused):
            network.messaging.enrol(number, pool)

    @pytest.mark.parametrize("sought", [Sought("US", NumberKind.TOLL_FREE), Sought("CA")], ids=["toll-free", "Canada"])
    def test_other_numbers_need_not_join(self, network, pool, world, let_days_pass, sought):
        [free, *_] = network.numbers.choices(sought)
        number = network.numbers.buy(free.number, "tag", ROUTING).reference
        let_days_pass(2)
        network.messaging.enrol(number, pool)
        assert network.messaging.enrolled(number, pool)
        network.messaging.withdraw(number, pool)
        assert kept(world, ASSIGNMENT) == []

    def test_an_unknown_pool_is_not_found_and_left_by_everybody(self, network, number):
        with pytest.raises(NotFound):
            network.messaging.enrol(number, UNKNOWN)
        network.messaging.withdraw(number, UNKNOWN)

    def test_an_installation_may_have_one_campaign_for_all(
        self, network, session, at_telnyx, world, pool, let_days_pass
    ):
        let_days_pass(2)
        [campaign] = kept(world, CAMPAIGN)
        environ = AT_TELNYX | {"TELNYX_CAMPAIGN_ID": campaign["campaignId"]}
        shared = build(environ, session, address=str, pause=at_telnyx.pause).network
        assert network.account.text_registration() is TextRegistration.MISSING
        assert shared.account.text_registration() is TextRegistration.APPROVED


class TestTollFree:
    @pytest.fixture
    def number(self, network):
        [free, *_] = network.numbers.choices(Sought("US", NumberKind.TOLL_FREE))
        return network.numbers.buy(free.number, "tag", ROUTING).reference

    def verify(self, registration, number, business=BUSINESS):
        return registration.verify_toll_free(number, business, PROGRAM, USE, "tag", NEWS)

    @pytest.mark.parametrize("kind", LOSSES)
    @pytest.mark.parametrize("at", range(3))
    def test_it_is_submitted_once_wherever_an_answer_was_lost(self, registration, number, world, kind, at):
        made = lost_and_repeated(world, kind, at, partial(self.verify, registration, number))
        assert registration.find_toll_free("tag") == made
        [asked] = kept(world, TOLL_FREE)
        assert (asked["messageVolume"], asked["businessState"]) == ("1,000", "California")

    def test_it_is_verified(self, network, registration, number, let_days_pass):
        assert network.account.toll_free_verification(number) is TextRegistration.MISSING
        self.verify(registration, number)
        assert network.account.toll_free_verification(number) is TextRegistration.PENDING
        let_days_pass(4)
        assert registration.find_toll_free("tag").stage is Stage.APPROVED
        assert network.account.toll_free_verification(number) is TextRegistration.APPROVED

    @pytest.mark.parametrize("status", ["Rejected", "Waiting For Customer"])
    def test_a_refusal_says_why_and_is_mended(self, registration, number, world, let_days_pass, status):
        made = self.verify(registration, number)
        world.ten_dlc.decide(made.reference, status, "The website does not open.")
        told = registration.find_toll_free("tag")
        assert (told.stage, [one.field for one in told.objections]) == (Stage.REFUSED, ["website"])
        registration.mend_toll_free(made.reference, BUSINESS, PROGRAM, USE)
        let_days_pass(4)
        assert registration.find_toll_free("tag").stage is Stage.APPROVED

    def test_nothing_is_found_under_another_tag(self, registration, number):
        self.verify(registration, number)
        assert registration.find_toll_free("another") is None


def test_lists_of_several_pages_are_read_to_their_end(registration, at_telnyx, world, monkeypatch):
    monkeypatch.setattr("provisioning.carriers.telnyx.client.PAGE", 2)
    for name in ("one", "two", "three", "four", "five"):
        registration.enter_business(replace(BUSINESS, trade_name=name), name, NEWS.replace("tag", name))
    assert {one.tag for one in registration.entered()} == {"one", "two", "three", "four", "five"}


def test_a_page_that_comes_twice_does_not_go_on_for_ever(registration, world):
    registration.enter_business(BUSINESS, "tag", NEWS)
    world.faults.add("repeat-page")
    assert len(registration.entered()) == 1


def test_numbers_have_profiles_of_their_own_which_are_no_pools(network, registration):
    [free, *_] = network.numbers.search(Wanted("US", area="415"))
    network.numbers.buy(free.number, "tag", ROUTING)
    assert [one for one in registration.opened() if one.tag.startswith("+")] == []
