"""How losing carriers with characters answer porting orders: when, with which codes or date, and what comments move."""

from datetime import UTC, datetime, time, timedelta

from sandbox.exchange import Exchange
from sandbox.losing_carriers import Asked, answered_at, character_of, committed_day, objection, slips
from sandbox.telnyx.errors import Json
from sandbox.telnyx.records import PortOrder, PortStatus

CODES = {
    22153: "ENTITY_NAME_MISMATCH",
    22154: "LOCATION_MISMATCH",
    22155: "PASSCODE_PIN_INVALID",
    22156: "ACCOUNT_NUMBER_MISMATCH",
}
PORT_TIME = time(15, tzinfo=UTC)
READ = timedelta(hours=2)
"""How long after a comment staff have asked the losing carrier about it."""

STAFF_ANSWER = "We asked the provider about this order again."


def answers_after(exchange: Exchange, order: PortOrder) -> timedelta | None:
    """How long after now the losing carrier answers an order, or None if it has no character."""
    character = character_of(order.numbers[0])
    if character is None:
        return None
    return answered_at(character, _asked(exchange, order), exchange.now()) - exchange.now()


def codes(exchange: Exchange, order: PortOrder) -> list[str]:
    """What it objects to, if its record of the customer says something else."""
    character = character_of(order.numbers[0])
    code = objection(character, _asked(exchange, order)) if character else None
    return [CODES[code]] if code else []


def moment(exchange: Exchange, order: PortOrder) -> datetime | None:
    """The moment to which it commits, or None if it has no character."""
    character = character_of(order.numbers[0])
    if character is None:
        return None
    asked, wished = _asked(exchange, order), _wished(order)
    at = wished.timetz() if wished else PORT_TIME
    return datetime.combine(committed_day(character, asked, exchange.now().date()), at)


def does_slip(exchange: Exchange, order: PortOrder) -> bool:
    """Whether the date slips on the day itself."""
    character = character_of(order.numbers[0])
    return character is not None and slips(character, _asked(exchange, order))


def heeds(order: PortOrder, user_type: str) -> bool:
    """Whether a comment of the customer's makes staff ask the losing carrier, which is late."""
    late = order.status is PortStatus.SUBMITTED and user_type == "user"
    return late and character_of(order.numbers[0]) is not None


def _asked(exchange: Exchange, order: PortOrder) -> Asked:
    end_user = _section(order.fields, "end_user")
    admin, location, wished = _section(end_user, "admin"), _section(end_user, "location"), _wished(order)
    return Asked(
        order.numbers[0],
        order.turn,
        exchange.state.seed,
        name=str(admin.get("entity_name") or ""),
        postal_code=str(location.get("postal_code") or ""),
        account_number=str(admin.get("account_number") or ""),
        pin=str(admin.get("pin_passcode") or ""),
        wished=wished.date() if wished else None,
    )


def _wished(order: PortOrder) -> datetime | None:
    text = _section(order.fields, "activation_settings").get("foc_datetime_requested")
    return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None


def _section(fields: Json, name: str) -> Json:
    section = fields.get(name)
    return section if isinstance(section, dict) else {}
