"""The geographical parameters that Twilio sends with a call or text. Unknown ones are sent blank."""

from sandbox.catalogue import AREAS
from sandbox.scenarios import country


def places(**numbers: str) -> dict[str, str]:
    """City, state, zip code and country of each number: `places(From="+1415…")` returns `FromCity` and so on."""
    parameters = {}
    for role, number in numbers.items():
        area = AREAS.get(number[2:5]) if number.startswith("+1") else None
        parameters[f"{role}City"] = area.locality.upper() if area else ""
        parameters[f"{role}State"] = area.region if area else ""
        parameters[f"{role}Zip"] = (area.postal_code or "") if area else ""
        parameters[f"{role}Country"] = country(number) or ""
    return parameters
