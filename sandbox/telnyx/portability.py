"""`/portability_checks`: whether numbers can be ported."""

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, texts
from sandbox.telnyx.errors import Json
from sandbox.telnyx.port_scenarios import is_fast

portability = guarded("portability")


@portability.post("/portability_checks")
def check() -> tuple[Json, int]:
    """Check many numbers at once: 201."""
    numbers = texts(json_object(["phone_numbers"], ["phone_numbers"]), "phone_numbers")
    return {"data": [_result(number) for number in numbers]}, 201


def _result(number: str) -> Json:
    reason = the_world().port_orders.obstacle(number, asking().sid)
    return {
        "record_type": "portability_check_result",
        "phone_number": number,
        "portable": not reason,
        "fast_portable": not reason and is_fast([number]),
        "not_portable_reason": reason,
    }
