"""Known reasons of refusal are found before anything costs money; a good form raises none."""

import pytest

from provisioning.contract.registration import BusinessKind, Industry, LegalForm
from service.optins import Way
from service.registration.answers import lacking, open_concerns
from service.registration.concerns import concerns
from service.registration.models import Business, Purpose

GOOD = {
    "legal_name": "Alice's Bakery LLC",
    "trade_name": "Alice's Bakery",
    "kind": BusinessKind.LOW_VOLUME,
    "legal_form": LegalForm.LLC,
    "industry": Industry.FOOD,
    "tax_id": "12-3456789",
    "street": "1 Main Street",
    "city": "San Francisco",
    "region": "CA",
    "postal_code": "94105",
    "website": "https://bakery.example",
    "first_name": "Alice",
    "last_name": "Baker",
    "email": "alice@bakery.example",
    "phone": "+14155552671",
    "owner_mobile": "",
    "purpose": Purpose.DELIVERIES,
    "privacy_url": "",
    "samples": [
        "Alice's Bakery: your cake is ready at [time]. Reply STOP to opt out.",
        "Alice's Bakery: [first name], we got your order.",
    ],
    "ways": [Way.WROTE_FIRST],
}


def a_form(**changes):
    return Business(**GOOD | changes)


def asked(**changes):
    """The fields that are asked about, with what is proposed instead."""
    return [(concern.field, concern.instead) for concern in concerns(a_form(**changes), ours={"+14155550188"})]


def test_a_good_form_raises_no_doubt_and_lacks_nothing():
    assert asked() == []
    assert lacking(a_form()) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"legal_name": "Alice's Bakery"}, [("legal_name", "Alice's Bakery LLC")]),
        ({"legal_name": "Baker Holding LLC dba Alice's Bakery"}, [("legal_name", "Baker Holding LLC")]),
        ({"legal_form": LegalForm.CORPORATION}, [("legal_name", "Alice's Bakery LLC Inc.")]),
        ({"legal_name": "Alice's Bakery, Inc.", "legal_form": LegalForm.CORPORATION}, []),
        ({"legal_name": "Alice's Bakery Cooperative", "legal_form": LegalForm.COOPERATIVE}, []),
        ({"kind": BusinessKind.SOLE_PROPRIETOR, "legal_form": None, "tax_id": None}, [("tax_id", "")]),
        ({"tax_id": "07-3456789"}, [("tax_id", "")]),
        ({"street": "P.O. Box 12"}, [("street", "")]),
        ({"website": "https://bit.ly/bakery"}, [("website", "")]),
        ({"email": "alice@gmail.com"}, [("email", "")]),
        ({"email": "alice@gmail.com", "website": ""}, []),
        ({"email": "alice@mailinator.com"}, [("email", "")]),
        ({"phone": "+18005550199"}, [("phone", "")]),
        ({"phone": "+46850521000"}, [("phone", "")]),
        ({"phone": "+14155550188"}, [("phone", "")]),
        (
            {"samples": ["Your cake is ready. Reply STOP to opt out.", GOOD["samples"][1]]},
            [("sample_1", "Alice's Bakery: Your cake is ready. Reply STOP to opt out.")],
        ),
        (
            {"samples": ["Alice's Bakery: your cake is ready.", GOOD["samples"][1]]},
            [("sample_1", "Alice's Bakery: your cake is ready. Reply STOP to opt out.")],
        ),
        (
            {"samples": [GOOD["samples"][0], "Alice's Bakery: dear XXX, we got your order."]},
            [("sample_2", "Alice's Bakery: dear [name], we got your order.")],
        ),
        ({"samples": [GOOD["samples"][0], "Alice's Bakery: see bit.ly/cakes."]}, [("sample_2", "")]),
        (
            {"samples": [GOOD["samples"][0], "Alice's Bakery: see http://bakery.example."]},
            [("sample_2", "Alice's Bakery: see https://bakery.example.")],
        ),
        ({"samples": [GOOD["samples"][0]] * 2}, [("sample_2", "")]),
        ({"samples": [GOOD["samples"][0], "Alice's Bakery: 20% off all cakes."]}, [("sample_2", "")]),
        ({"purpose": Purpose.OFFERS, "ways": [Way.ON_PAPER]}, [("sample_1", "")]),
        ({"purpose": Purpose.MIXED}, [("ways", "")]),
        ({"ways": [Way.OWN_WEBSITE]}, [("ways", "")]),
        (
            {"trade_name": "Green Dispensary"},
            [
                ("trade_name", ""),
                *[(f"sample_{place}", f"Green Dispensary: {text}") for place, text in enumerate(GOOD["samples"], 1)],
            ],
        ),
    ],
)
def test_a_known_reason_of_refusal_is_asked_about_with_a_better_wording(changes, expected):
    assert asked(**changes) == expected


def test_what_was_answered_is_not_asked_again_but_what_is_refused_for_certain_is():
    doubtful = a_form(street="P.O. Box 12", website="https://bit.ly/bakery")
    answered = [concern.key for concern in concerns(doubtful)]
    assert [concern.field for concern in open_concerns(doubtful, (), answered)] == ["website"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"legal_name": "", "industry": None}, {"legal_name", "industry"}),
        ({"tax_id": None}, {"tax_id"}),
        ({"kind": BusinessKind.SOLE_PROPRIETOR, "tax_id": None}, {"owner_mobile"}),
        ({"samples": []}, {"sample_1", "sample_2"}),
        ({"samples": [GOOD["samples"][0], "Too short"]}, {"sample_2"}),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(changes, fields):
    assert set(lacking(a_form(**changes))) == fields


@pytest.mark.parametrize(
    ("owner_mobile", "fields"),
    [
        ("+14155552671", []),
        ("+16045552671", []),
        ("+46701740605", ["owner_mobile"]),
        ("+18005550199", ["owner_mobile"]),
        ("+14155550188", ["owner_mobile"]),
    ],
)
def test_the_text_to_the_owner_goes_to_an_american_or_canadian_mobile_that_is_not_one_of_ours(owner_mobile, fields):
    sole = {"kind": BusinessKind.SOLE_PROPRIETOR, "legal_form": None, "tax_id": None, "legal_name": "Alice Baker"}
    found = concerns(a_form(**sole, owner_mobile=owner_mobile), ours={"+14155550188"})
    assert [concern.field for concern in found] == fields
    assert all(concern.certain for concern in found)
