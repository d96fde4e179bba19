"""Businesses registered at Twilio: what each lost answer costs, and what each refusal says."""

from dataclasses import replace

import pytest

from provisioning.carriers.twilio import build
from provisioning.carriers.twilio.objections import MENDERS
from provisioning.contract.errors import Refused
from provisioning.contract.numbers import Routing, Sought
from provisioning.contract.porting import NumberKind
from provisioning.contract.registration import BusinessKind, Mender, Stage, TollFreeUse
from tests.provisioning.registration_cases import BUSINESS, NEWS, PROGRAM, RegistrationCases, SoleProprietorCases
from tests.provisioning.rehearsal import ENVIRON, REGISTERING, lost_and_repeated

OWNER, REGISTRY = "+12125550123", "+19152782000"
USE = TollFreeUse("https://acme.example/box.png", 400)
REQUESTS_OF_A_BUSINESS = 24
REQUESTS_OF_A_PROGRAM = 4


@pytest.fixture
def registration(network):
    return network.registration


def costs(world):
    return [fee.reason for fee in world.registry.fees]


class TestTwilioRegistration(RegistrationCases, SoleProprietorCases):
    @pytest.fixture
    def unknown(self):
        return f"BN{'0' * 32}"

    @pytest.fixture
    def unknown_pool(self):
        return f"MG{'0' * 32}"

    @pytest.fixture
    def unregistrable(self):
        return replace(BUSINESS, tax_id="12-3450795")

    @pytest.fixture
    def sole(self):
        return replace(BUSINESS, kind=BusinessKind.SOLE_PROPRIETOR, tax_id="", owner_mobile=OWNER)

    @pytest.fixture
    def owner_says_yes(self, world):
        return lambda: world.text(OWNER, REGISTRY, "YES")


class TestLostAnswers:
    """An answer is lost at each request in turn, before and after its work; whoever enters again pays nothing twice."""

    @pytest.mark.parametrize("kind", ["lose-before", "lose-after", "error"])
    @pytest.mark.parametrize("place", range(REQUESTS_OF_A_BUSINESS))
    def test_a_business_costs_once(self, registration, world, kind, place):
        reference = lost_and_repeated(world, kind, place, lambda: registration.enter_business(BUSINESS, "tag", NEWS))
        assert registration.find_business("tag") == reference
        assert costs(world) == ["brand"]

    @pytest.mark.parametrize("kind", ["lose-before", "lose-after"])
    @pytest.mark.parametrize("place", range(REQUESTS_OF_A_PROGRAM))
    def test_a_program_costs_once(self, registration, world, let_days_pass, kind, place):
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        let_days_pass(1)

        def enter():
            pool = registration.open_program("Acme", "tag")
            registration.enter_program(pool, business, BUSINESS.kind, PROGRAM, NEWS)
            return pool

        pool = lost_and_repeated(world, kind, place, enter)
        assert registration.program(pool).stage is Stage.IN_REVIEW
        assert costs(world) == ["brand", "review"]
        assert len(world.state.services) == 2


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "field"),
        [({"tax_id": "123"}, "tax_id"), ({"website": "acme"}, "website")],
    )
    def test_what_the_policy_misses_is_named_by_its_field_and_costs_nothing(self, registration, world, change, field):
        wrong = replace(BUSINESS, **change)
        [objection] = registration.check_business(wrong, "tag")
        assert (objection.field, objection.mender) == (field, Mender.CUSTOMER)
        with pytest.raises(Refused):
            registration.enter_business(wrong, "tag", NEWS)
        assert costs(world) == []

    def test_a_draft_is_corrected_in_place(self, registration, world):
        registration.check_business(replace(BUSINESS, tax_id="123"), "tag")
        assert registration.check_business(BUSINESS, "tag") == ()
        assert len(world.state.parts) == 3

    def test_each_business_keeps_its_own_address(self, registration, world):
        streets = {"one": "1 Main Street", "other": "2 Main Street"}
        for tag, street in streets.items():
            business = replace(BUSINESS, address=replace(BUSINESS.address, street=street))
            registration.check_business(business, tag)
        kept = {one.fields["friendly_name"]: one.fields["street"] for one in world.state.addresses.values()}
        assert kept == streets

    def test_a_rejected_profile_refuses_the_business(self, registration, world, let_days_pass):
        street = replace(BUSINESS, address=replace(BUSINESS.address, street="123 Blah Street"))
        reference = registration.enter_business(street, "tag", NEWS)
        let_days_pass(1)
        told = registration.business(reference)
        assert (told.stage, [one.field for one in told.objections]) == (Stage.REFUSED, ["address"])

    def test_a_fourth_correction_is_refused(self, registration, let_days_pass):
        wrong = replace(BUSINESS, tax_id="12-3450795")
        reference = registration.enter_business(wrong, "tag", NEWS)
        for _ in range(3):
            let_days_pass(1)
            registration.mend_business(reference, wrong, "tag")
        let_days_pass(1)
        with pytest.raises(Refused) as told:
            registration.mend_business(reference, wrong, "tag")
        assert told.value.code == "21724"

    @pytest.mark.parametrize("edits", [True, False])
    def test_a_refused_program_names_its_field_and_is_mended_for_another_fee(
        self, registration, world, let_days_pass, edits
    ):
        world.registry.campaigns.edits = edits
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        pool = registration.open_program("Acme", "tag")
        let_days_pass(1)
        registration.enter_program(pool, business, BUSINESS.kind, replace(PROGRAM, terms_url=""), NEWS)
        let_days_pass(60)
        told = registration.program(pool)
        assert [(one.code, one.field, one.mender) for one in told.objections] == [
            ("30882", "terms_url", Mender.WORDING)
        ]
        registration.mend_program(pool, PROGRAM)
        let_days_pass(60)
        assert registration.program(pool).stage is Stage.APPROVED
        assert costs(world).count("review") == 2

    def test_an_unknown_code_keeps_the_carriers_words(self, registration, world, let_days_pass):
        reference = registration.enter_business(BUSINESS, "tag", NEWS)
        world.registry.decide_brand(reference, "FAILED", 39999)
        [objection] = registration.business(reference).objections
        assert (objection.code, objection.mender) == ("39999", Mender.OPERATOR)
        assert objection.text
        assert objection.url.startswith("https://")

    def test_each_code_has_one_mender(self):
        assert len(MENDERS) == len(set(MENDERS))
        assert set(MENDERS.values()) == set(Mender) - {Mender.OPERATOR}


class TestTollFree:
    @pytest.fixture
    def number(self, network):
        routing = Routing("https://us.test", "https://us.test", "https://us.test")
        [free, *_] = network.numbers.choices(Sought("US", NumberKind.TOLL_FREE))
        return network.numbers.buy(free.number, "tag", routing).reference

    def test_a_number_is_verified_once_for_a_tag(self, registration, number, let_days_pass, world):
        made = [registration.verify_toll_free(number, BUSINESS, PROGRAM, USE, "tag", NEWS) for _ in range(2)]
        assert made[0].reference == made[1].reference
        let_days_pass(4)
        assert registration.find_toll_free("tag").stage is Stage.APPROVED
        [kept] = world.state.verifications.values()
        assert kept.fields["message_volume"] == "1,000"

    def test_a_refusal_says_why_and_is_mended(self, registration, number, let_days_pass):
        wrong = replace(BUSINESS, legal_name="Acme #30445")
        made = registration.verify_toll_free(number, wrong, PROGRAM, USE, "tag", NEWS)
        let_days_pass(4)
        told = registration.find_toll_free("tag")
        assert (told.stage, [one.code for one in told.objections]) == (Stage.REFUSED, ["30445"])
        registration.mend_toll_free(made.reference, BUSINESS, PROGRAM, USE)
        let_days_pass(4)
        assert registration.find_toll_free("tag").stage is Stage.APPROVED

    def test_nothing_is_found_under_another_tag(self, registration):
        assert registration.find_toll_free("tag") is None


def test_without_a_primary_profile_nothing_can_be_registered(session):
    assert build(ENVIRON, session).network.registration.capabilities.kinds == frozenset()


def test_a_primary_profile_needs_somebody_who_hears_how_reviews_go(session):
    with pytest.raises(ValueError, match="TWILIO_REGISTRATION_EMAIL"):
        build({**REGISTERING, "TWILIO_REGISTRATION_EMAIL": ""}, session)


def test_a_tax_number_is_in_no_words_of_a_business():
    assert "3456789" not in repr(BUSINESS)
