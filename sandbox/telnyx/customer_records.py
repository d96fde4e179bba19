"""`/customer_service_records`: what the old operator knows of its customer, ten seconds after it was asked."""

from datetime import timedelta

from sandbox.current import the_world
from sandbox.losing_carriers import CustomerRecord, character_of, record_of
from sandbox.operators import operator_of
from sandbox.scenarios import GOOD_PIN, country, is_mobile
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text, texts
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.kept import all_kept, described, keep, own_kept
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.records import Kept

customer_records = guarded("customer_records")
KIND = "customer_service_record"
ANSWERED = timedelta(seconds=10)
FAILS, WANTS_PIN, DIFFERS = "5140", "5141", "5142"


@customer_records.post("/customer_service_records/phone_number_coverages")
def coverages() -> tuple[Json, int]:
    """Tell of which numbers a record can be asked for: 201. There is none of mobiles, and none outside the US."""
    numbers = texts(json_object(["phone_numbers"], ["phone_numbers"]), "phone_numbers")
    return {"data": [_coverage(number) for number in numbers]}, 201


@customer_records.post("/customer_service_records")
def ask() -> tuple[Json, int]:
    """Ask for the record of a number: 201, `pending`."""
    body = json_object(["phone_number", "webhook_url", "additional_data"], ["phone_number"])
    number = text(body, "phone_number")
    if not _is_covered(number):
        raise Denied(invalid("phone_number", f"There is no record of {number}."))
    return {"data": _resource(keep(KIND, body))}, 201


@customer_records.get("/customer_service_records")
def fetch_list() -> Json:
    """List the records that were asked for, newest first."""
    wanted = known_filters("phone_number.eq", "status.eq")
    rows = [_resource(each) for each in all_kept(KIND)[::-1]]
    return page([row for row in rows if all(row[name.split(".")[0]] == value for name, value in wanted.items())], dict)


@customer_records.get("/customer_service_records/<sid>")
def fetch(sid: str) -> tuple[Json, int]:
    """Fetch one record: 201, as described. Its result comes ten seconds after it was asked for, untold."""
    return {"data": _resource(own_kept(KIND, sid))}, 201


def _is_covered(number: str) -> bool:
    return country(number) == "US" and not is_mobile(number)


def _coverage(number: str) -> Json:
    covered = _is_covered(number)
    return {
        "record_type": "customer_service_record_phone_number_coverage",
        "phone_number": number,
        "has_csr_coverage": covered,
        "reason": "" if covered else "The old operator gives no records.",
        "additional_data_required": ["pin"] if number.endswith(WANTS_PIN) else [],
    }


def _resource(record: Kept) -> Json:
    shown = {name: value for name, value in described(record).items() if name != "additional_data"}
    if the_world().exchange.now() - record.created < ANSWERED:
        return shown | {"status": "pending", "error_message": None, "result": None}
    if why := _failure(record):
        return shown | {"status": "failed", "error_message": why, "result": None}
    return shown | {"status": "completed", "error_message": None, "result": _result(str(record.fields["phone_number"]))}


def _failure(record: Kept) -> str:
    number, given = str(record.fields["phone_number"]), record.fields.get("additional_data")
    pin = given.get("pin") if isinstance(given, dict) else None
    if number.endswith(FAILS) or (number.endswith(WANTS_PIN) and pin != GOOD_PIN):
        return "CSR information not available."
    return ""


def _result(number: str) -> Json:
    """The record of the customer of the examples, or of somebody else; with a character it may say something else."""
    operator, differs = operator_of(number), number.endswith(DIFFERS)
    known = record_of(number, the_world().state.seed) if character_of(number) else CustomerRecord()
    return {
        "carrier_name": operator.name if operator else "",
        "associated_phone_numbers": [number],
        "admin": {
            "name": "Somebody Else LLC" if differs else known.name,
            "authorized_person_name": "Sam Else" if differs else "Alice Archer",
            "account_number": "9990009990" if differs else known.account_number,
            "billing_phone_number": number,
        },
        "address": {
            "street_address": known.street,
            "locality": "San Francisco",
            "administrative_area": "CA",
            "postal_code": known.postal_code,
            "full_address": f"{known.street}; San Francisco; CA; {known.postal_code}",
        },
    }
