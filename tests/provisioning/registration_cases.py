"""The cases for carriers that register businesses. A carrier's tests say how the situations come about."""

import pytest

from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.porting import Address
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    Entered,
    Industry,
    LegalForm,
    Person,
    Program,
    Stage,
)

BUSINESS = Business(
    legal_name="Acme Plumbing LLC",
    trade_name="Acme",
    kind=BusinessKind.LOW_VOLUME,
    legal_form=LegalForm.LLC,
    industry=Industry.CONSTRUCTION,
    tax_id="12-3456789",
    address=Address("1 Main St", "San Francisco", "CA", "94103", "US"),
    website="https://acme.example",
    person=Person("Ann", "Lee", "ann@acme.example", "+12065550100"),
)
PROGRAM = Program(
    description="Acme Plumbing LLC confirms visits to customers who asked for a text message.",
    flow="At https://acme.example/texts the visitor types a number and ticks an empty box to get texts.",
    samples=(
        "Acme Plumbing: your visit is on [date] at [time]. Reply STOP to opt out.",
        "Acme Plumbing: [first name] is on the way. Reply HELP for help.",
    ),
    help_text="Acme Plumbing: call 206-555-0100. STOP ends texts.",
    stop_text="Acme Plumbing: you get no more texts.",
    privacy_url="https://acme.example/privacy",
    terms_url="https://acme.example/terms",
)
NEWS = "https://us.test/webhooks/carrier/registration?registration=tag&mark=1"


class RegistrationCases:
    """Fixtures: `registration`, `let_days_pass(days)`, `unregistrable` (a business), `unknown` (no business)
    and `unknown_pool` (no pool)."""

    def test_it_says_what_each_kind_costs(self, registration):
        told = registration.capabilities
        assert told.kinds
        assert all(cents > 0 for kind in told.kinds for cents in told.fees[kind].values())
        assert told.numbers >= 1

    def test_a_complete_business_meets_no_objection(self, registration):
        assert registration.check_business(BUSINESS, "tag") == ()

    def test_a_business_is_entered_and_approved(self, registration, let_days_pass):
        reference = registration.enter_business(BUSINESS, "tag", NEWS)
        assert registration.business(reference).stage in {Stage.CHECKING, Stage.IN_REVIEW}
        let_days_pass(3)
        assert registration.business(reference).stage is Stage.APPROVED

    def test_it_is_found_by_its_tag_alone(self, registration):
        assert registration.find_business("tag") is None
        reference = registration.enter_business(BUSINESS, "tag", NEWS)
        assert registration.find_business("tag") == reference
        assert registration.find_business("another") is None

    def test_what_was_entered_is_listed_with_its_tag(self, registration):
        assert registration.entered() == []
        registration.check_business(BUSINESS, "a draft")
        reference = registration.enter_business(BUSINESS, "tag", NEWS)
        assert registration.entered() == [Entered(reference, "tag")]

    def test_entering_it_again_is_the_same_business(self, registration):
        references = {registration.enter_business(BUSINESS, "tag", NEWS) for _ in range(3)}
        assert len(references) == 1

    def test_a_refused_business_says_why(self, registration, unregistrable, let_days_pass):
        reference = registration.enter_business(unregistrable, "tag", NEWS)
        let_days_pass(3)
        told = registration.business(reference)
        assert told.stage is Stage.REFUSED
        assert told.objections

    def test_a_refused_business_is_mended(self, registration, unregistrable, let_days_pass):
        reference = registration.enter_business(unregistrable, "tag", NEWS)
        let_days_pass(3)
        registration.mend_business(reference, BUSINESS, "tag")
        let_days_pass(3)
        assert registration.business(reference).stage is Stage.APPROVED

    def test_an_unknown_business_is_not_found(self, registration, unknown):
        with pytest.raises(NotFound):
            registration.business(unknown)

    def test_a_pool_is_opened_once_for_a_tag(self, registration):
        assert registration.open_program("Acme", "tag") == registration.open_program("Acme", "tag")
        assert registration.open_program("Acme", "tag") != registration.open_program("Acme", "other")

    def test_open_pools_are_listed_with_their_tags(self, registration):
        pool = registration.open_program("Acme", "tag")
        assert Entered(pool, "tag") in registration.opened()

    def test_a_pool_has_no_program_until_one_is_entered(self, registration, unknown_pool):
        assert registration.program(registration.open_program("Acme", "tag")) is None
        with pytest.raises(NotFound):
            registration.program(unknown_pool)

    def test_a_program_is_entered_once_reviewed_and_approved(self, registration, let_days_pass):
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        pool = registration.open_program("Acme", "tag")
        let_days_pass(1)
        for _ in range(2):
            registration.enter_program(pool, business, BUSINESS.kind, PROGRAM, NEWS)
        assert registration.program(pool).stage is Stage.IN_REVIEW
        let_days_pass(60)
        assert registration.program(pool).stage is Stage.APPROVED

    def test_a_program_waits_for_its_business(self, registration):
        business = registration.enter_business(BUSINESS, "tag", NEWS)
        with pytest.raises(Refused):
            registration.enter_program(registration.open_program("Acme", "tag"), business, BUSINESS.kind, PROGRAM, NEWS)


class SoleProprietorCases:
    """Fixtures: `registration`, `let_days_pass(days)`, `sole` (a business whose owner is asked), `owner_says_yes()`."""

    def test_the_owner_of_a_sole_proprietor_is_asked(self, registration, sole, owner_says_yes, let_days_pass):
        reference = registration.enter_business(sole, "tag", NEWS)
        let_days_pass(0.5)
        assert registration.business(reference).stage is Stage.AWAITS_OWNER
        registration.ask_owner(reference)
        owner_says_yes()
        assert registration.business(reference).stage is Stage.APPROVED
