"""What a porting order needs besides: papers, codes of its numbers, numbers that stay behind."""

from sandbox.current import the_world
from sandbox.telnyx.errors import Json
from sandbox.telnyx.port_scenarios import NEEDS_ASSOCIATED, NEEDS_CODES, NEEDS_PAPERS, ends
from sandbox.telnyx.records import PortOrder

ASSOCIATED = "porting_associated_phone_number"
TYPES: list[Json] = [
    {
        "id": "53970723-fbff-4f46-a975-f62be6c1a585",
        "name": "Latest Invoice",
        "type": "document",
        "description": "A copy of the latest phone bill from the current provider",
        "example": "Most recent phone bill",
        "acceptance_criteria": {},
    },
    {
        "id": "59b0762a-b274-4f76-ac32-4d5cf0272e66",
        "name": "Tax Number",
        "type": "textual",
        "description": "The number under which the business pays taxes",
        "example": "12-3456789",
        "acceptance_criteria": {},
    },
]
"""The papers that numbers ending in 4507 need."""


def needed_papers(order: PortOrder) -> list[Json]:
    """The kinds of papers that an order needs."""
    return TYPES if ends(order.numbers, NEEDS_PAPERS) else []


def value_of(order: PortOrder, sid: str) -> str:
    """What was given for a kind of paper: the id of a document, or a text."""
    given = order.fields.get("requirements")
    rows = given if isinstance(given, list) else []
    return next((str(row["field_value"]) for row in rows if row.get("requirement_type_id") == sid), "")


def steps_left(order: PortOrder) -> list[str]:
    """The steps that are to be taken before an order is confirmed."""
    unproven = [each for each in order.numbers if each.endswith(NEEDS_CODES) and each not in order.proven]
    kept = the_world().state.kept.values()
    named = any((each.kind, each.fields.get("porting_order_id")) == (ASSOCIATED, order.sid) for each in kept)
    return [
        *(["phone_number_verification_codes"] if unproven else []),
        *(["associated_phone_numbers"] if ends(order.numbers, NEEDS_ASSOCIATED) and not named else []),
    ]
