"""The table of kinds: what is asked, which letter, how long, and who files it."""

import pytest

from provisioning.carriers.manual import build
from provisioning.contract.porting import NumberKind, Verdict
from service.carrier_choice import files
from service.desk.worklist import DeskWorklist
from service.language import Language
from service.porting.kinds import ELSEWHERE, Letter, country_of, kind_of, rules_of
from service.porting.needs import asked, asked_again
from tests.factories import OWN, a_draft, a_line

AMERICAN, ALASKAN, TOLL_FREE = "+12125552000", "+19075552000", "+18337362671"
CANADIAN, SWEDISH_LANDLINE, SWEDISH_MOBILE = "+16045552671", "+46850012345", "+46701740605"
PUERTO_RICAN, GUAMANIAN, JAMAICAN, GERMAN = "+17875552671", "+16715552671", "+18765552671", "+4930123456"


def needed(number):
    return {name for name, question in rules_of(number).questions.items() if question.required}


@pytest.mark.parametrize(
    ("number", "more"),
    [
        (AMERICAN, {"region"}),
        (ALASKAN, {"region"}),
        (TOLL_FREE, {"region"}),
        (CANADIAN, {"region", "account_number"}),
        (PUERTO_RICAN, {"region"}),
        (SWEDISH_LANDLINE, {"subscriber_id"}),
        (SWEDISH_MOBILE, {"subscriber_id"}),
        (GERMAN, set()),
    ],
)
def test_a_country_needs_what_its_operators_compare(number, more):
    always = {"subscriber_name", "authorized_person", "authorized_email", "street", "city", "postal_code"}
    assert needed(number) == {*always, "contact_email", *more}


@pytest.mark.parametrize(
    ("number", "asked_for", "not_asked"),
    [
        (AMERICAN, {"region"}, {"subscriber_id", "pin"}),
        (TOLL_FREE, {"region"}, {"subscriber_id", "pin"}),
        (CANADIAN, {"region", "pin"}, {"subscriber_id"}),
        (PUERTO_RICAN, {"region", "pin"}, {"subscriber_id"}),
        (SWEDISH_MOBILE, {"subscriber_id"}, {"region", "pin"}),
    ],
)
def test_what_a_country_does_not_have_is_not_asked(number, asked_for, not_asked):
    assert asked_for <= set(rules_of(number).questions)
    assert not not_asked & set(rules_of(number).questions)


@pytest.mark.parametrize(
    ("number", "label"),
    [(AMERICAN, "ZIP code"), (CANADIAN, "Postal code"), (SWEDISH_MOBILE, "Postal code"), (GUAMANIAN, "ZIP code")],
)
def test_the_words_are_those_of_the_country(number, label):
    assert rules_of(number).questions["postal_code"].label == label


def test_a_territorys_letters_stand_in_the_field_at_first():
    assert rules_of(PUERTO_RICAN).questions["region"].proposed == "PR"
    assert rules_of(GUAMANIAN).questions["region"].proposed == "GU"
    assert rules_of(AMERICAN).questions["region"].proposed == ""


def test_jamaica_shares_the_plus_one_and_none_of_the_rules():
    assert rules_of(JAMAICAN) is ELSEWHERE


def test_a_letter_is_in_the_old_operators_language_and_for_toll_free_numbers_the_resporgs():
    assert rules_of(SWEDISH_MOBILE).letter_language is Language.SWEDISH
    assert rules_of(CANADIAN).letter_language is Language.ENGLISH
    assert {number: rules_of(number).letter for number in (TOLL_FREE, AMERICAN)} == {
        TOLL_FREE: Letter.RESPORG,
        AMERICAN: Letter.AUTHORITY,
    }


def test_a_mobile_takes_other_things_along_than_a_landline():
    mobile, landline = rules_of(SWEDISH_MOBILE).ends, rules_of(SWEDISH_LANDLINE).ends
    assert any("banks" in sentence for sentence in mobile)
    assert any("alarms" in sentence for sentence in landline)
    assert not any("alarms" in sentence for sentence in mobile)
    assert any("banks" in sentence for sentence in rules_of(AMERICAN, NumberKind.MOBILE).ends)


@pytest.mark.parametrize("number", [AMERICAN, CANADIAN, SWEDISH_MOBILE, TOLL_FREE, PUERTO_RICAN])
def test_every_kind_says_how_long_what_it_costs_and_what_ends(number):
    rules = rules_of(number)
    assert rules.times
    assert rules.fees
    assert rules.ends
    assert any(stated.source for stated in rules.times), "a time without anybody who says so"


@pytest.mark.parametrize("number", [AMERICAN, ALASKAN, TOLL_FREE, CANADIAN, PUERTO_RICAN, GUAMANIAN, SWEDISH_MOBILE])
def test_who_files_it_by_what_carriers_say_of_themselves_is_who_they_say_for_the_number(services, sessions, number):
    by_interface = services.carriers[services.home].porting.check(number).verdict is Verdict.YES
    by_hand = build({}, worklist=DeskWorklist(sessions)).porting.check(number).verdict is Verdict.YES
    assert by_interface == bool(files(services, country_of(number), kind_of(number)))
    assert by_hand


@pytest.fixture
def project(session, services):
    return lambda *numbers, **changes: a_draft(session, a_line(session, services), *numbers, **changes)


def test_numbers_of_several_countries_need_what_each_of_them_needs(project):
    questions = asked(project(OWN, SWEDISH_LANDLINE))
    assert questions["region"].required
    assert questions["subscriber_id"].required
    assert questions["postal_code"].label == "ZIP code", "in the words of the first"


def test_google_voice_wants_its_own_number_and_voicemail_pin(project):
    draft = project(OWN)
    assert "pin" not in asked(draft)
    draft.operator = "Google (Grand Central) - Bandwidth.com - SVR"
    questions = asked(draft)
    assert (questions["account_number"].required, questions["pin"].required) == (True, True)
    assert "Google Voice number itself" in questions["account_number"].hint
    assert "voicemail PIN" in questions["pin"].hint


def test_an_american_operators_advice_is_none_for_a_swedish_number(project):
    draft = project(SWEDISH_MOBILE)
    draft.operator = "Telia Sverige AB"
    questions = asked(draft)
    assert "pin" not in questions
    assert questions["account_number"].hint == "It’s on the invoice, as kundnummer."


def test_what_was_objected_to_has_to_be_answered_and_what_the_country_lacks_is_not_asked(project):
    draft = project(SWEDISH_MOBILE)
    again = asked_again(draft, ["street", "street2", "region", "postal_code", "account_number", "pin"])
    assert [name for name, question in again.items() if question.required] == [
        "street",
        "postal_code",
        "account_number",
        "pin",
    ]
    assert "region" not in again


def test_what_becomes_of_the_others_is_asked_when_the_main_number_leaves(project):
    assert "remaining" not in asked(project(OWN))
    assert "remaining" in asked(project(OWN, billing_number=OWN))
