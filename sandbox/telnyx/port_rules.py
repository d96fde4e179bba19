"""What happens to porting orders: by themselves, by their numbers' scenarios, and what is told of it.

https://developers.telnyx.com/docs/numbers/porting
"""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.porting.dates import business_day
from sandbox.records import Step
from sandbox.scenarios import GOOD_ACCOUNT_NUMBER, GOOD_PIN, is_nanp
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.events import tell, tell_account
from sandbox.telnyx.records import OVER, Comment, PortOrder, PortStatus

NO_COVERAGE = "no_coverage"
NOT_PORTABLE = {"2130": NO_COVERAGE, "2132": "other"}
EXCEPTIONS = {
    "2150": ["OTHER"],
    "2151": ["PHONE_NUMBER_HAS_SPECIAL_FEATURE"],
    "2153": ["ENTITY_NAME_MISMATCH"],
    "2154": ["LOCATION_MISMATCH"],
    "2155": ["PASSCODE_PIN_INVALID"],
    "2156": ["ACCOUNT_NUMBER_MISMATCH"],
    "2158": ["FOC_REJECTED"],
    "2159": ["PHONE_NUMBER_NOT_PORTABLE"],
    "2161": ["AUTH_PERSON_MISMATCH"],
    "2162": ["BTN_ATN_MISMATCH"],
    "2164": ["LSR_PENDING"],
    "2165": ["MAIN_BTN_PORTING"],
    "2166": ["OSP_IRRESPONSIVE"],
    "2167": ["PHONE_NUMBER_MISMATCH"],
    "2168": ["PORT_TYPE_INCORRECT"],
    "2169": ["PORTING_ORDER_SPLIT_REQUIRED"],
    "2170": ["POSTAL_CODE_MISMATCH"],
    "2171": ["RATE_CENTER_NOT_PORTABLE"],
    "2172": ["SV_CONFLICT"],
    "2173": ["SV_UNKNOWN_FAILURE"],
    "2175": ["ACCOUNT_NUMBER_MISMATCH", "PASSCODE_PIN_INVALID"],
}
"""The codes of an exception at the losing carrier, by the last four digits of a number."""

EXPIRES_AT_FOC = "2163"
LEAD_DAYS, WINDOWS = 3, 10
OPENS, CLOSES = time(15, tzinfo=UTC), time(21, tzinfo=UTC)


class PortOrders:
    """Keeps porting orders and lets them go on."""

    def __init__(self, exchange: Exchange, inventory: Inventory) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._acts = {
            "delete": self.delete,
            "submit": self._submit,
            "answer": self._answer,
            "port": self._port,
            "cancel": self._cancelled,
            "appear": self._appear,
        }

    def obstacle(self, number: str, account_sid: str) -> str:
        """Why a number cannot be ported, or an empty text. Only `no_coverage` is known from the documents."""
        held = self._inventory.held(number)
        if not is_nanp(number):
            return NO_COVERAGE
        if held is not None and held.account_sid == account_sid:
            return "already_in_account"
        return NOT_PORTABLE.get(number[-4:], "")

    def under_way(self, number: str) -> bool:
        """Whether another order has this number."""
        orders = self._exchange.state.port_orders.values()
        return any(number in order.numbers for order in orders if order.status not in OVER)

    def has_brought(self, number: str) -> bool:
        """Whether a number came by an order."""
        orders = self._exchange.state.port_orders.values()
        return any(number in order.numbers and order.status is PortStatus.PORTED for order in orders)

    def draft(self, order: PortOrder) -> None:
        """Keep a new draft, for thirty days."""
        with self._exchange.changing() as state:
            state.port_orders[order.sid] = order
            self._plan(order, "delete", self._exchange.delays.draft_kept)

    def delete(self, order: PortOrder) -> None:
        """Delete a draft, and tell it."""
        with self._exchange.changing() as state:
            del state.port_orders[order.sid]
            about = {"id": order.sid, "customer_reference": order.fields.get("customer_reference")}
            self._tell(order, "deleted", about | {"deleted_at": iso(self._exchange.now())})

    def confirm(self, order: PortOrder) -> None:
        """Take an order that is complete; the carrier checks its papers first."""
        with self._exchange.changing():
            order.support_key = order.support_key or f"sr_{order.sid[:6]}"
            self._become(order, PortStatus.IN_PROCESS)
            self._plan(order, "submit", self._exchange.delays.papers_checked)

    def cancel(self, order: PortOrder) -> None:
        """Take the wish to cancel; staff grant it a minute later."""
        with self._exchange.changing():
            self._become(order, PortStatus.CANCEL_PENDING)
            self._plan(order, "cancel", self._exchange.delays.cancel)

    def comment(self, order: PortOrder, body: str, user_type: str = "user") -> Comment:
        """Add a comment, and tell it."""
        with self._exchange.changing():
            comment = Comment(str(uuid4()), body, user_type, self._exchange.now())
            order.comments.append(comment)
            about: Json = {"id": comment.sid, "body": body, "inserted_at": iso(comment.created), "user_type": user_type}
            told: Json = {"comment": about, "porting_order_id": order.sid, "support_key": order.support_key}
            self._tell(order, "new_comment", told)
        return comment

    def windows(self) -> list[tuple[datetime, datetime]]:
        """The windows in which a port can be wished for: ten business days, from the third one on."""
        first = self._exchange.now().date()
        days = [business_day(first, later) for later in range(LEAD_DAYS, LEAD_DAYS + WINDOWS)]
        return [(datetime.combine(day, OPENS), datetime.combine(day, CLOSES)) for day in days]

    def go_on(self, step: Step) -> None:
        """Do what was planned, unless the order's state has changed since."""
        order = self._exchange.state.port_orders.get(step.subject)
        act, _, turn = step.detail.partition(" ")
        if order is not None and order.turn == int(turn):
            self._acts[act](order)

    def _submit(self, order: PortOrder) -> None:
        self._become(order, PortStatus.SUBMITTED)
        self._plan(order, "answer", self._exchange.delays.losing_carrier)

    def _answer(self, order: PortOrder) -> None:
        """The losing carrier's answer: what is wrong, or the date."""
        if codes := _objections(order):
            self._except(order, codes)
            return
        wished = _section(order.fields, "activation_settings").get("foc_datetime_requested")
        earliest = self.windows()[0][0]
        order.foc = max(datetime.fromisoformat(str(wished)), self._exchange.now()) if wished else earliest
        self._become(order, PortStatus.FOC_DATE_CONFIRMED)
        self._plan(order, "port", order.foc - self._exchange.now())

    def _port(self, order: PortOrder) -> None:
        if any(number.endswith(EXPIRES_AT_FOC) for number in order.numbers):
            self._except(order, ["FOC_EXPIRED"])
            return
        self._become(order, PortStatus.PORTED)
        self._plan(order, "appear", self._exchange.delays.appears)

    def _appear(self, order: PortOrder) -> None:
        """Put the numbers into the account, as they were set up. One of another carrier's account leaves that."""
        preset = _section(order.fields, "phone_number_configuration")
        for phone_number in order.numbers:
            before = self._inventory.held(phone_number)
            if before is not None:
                self._inventory.remove(before)
            self._inventory.appear(phone_number, order.account_sid, self._exchange.now())
            number = self._inventory.held(phone_number)
            if number is not None:
                number.settings["voice_application_sid"] = str(preset.get("connection_id") or "")
                number.tags = [str(tag) for tag in _listed(preset.get("tags"))]
                self._inventory.put_into_service(number, str(preset.get("messaging_profile_id") or ""))

    def _cancelled(self, order: PortOrder) -> None:
        self._become(order, PortStatus.CANCELLED)

    def _except(self, order: PortOrder, codes: list[str]) -> None:
        order.foc = None
        self._become(order, PortStatus.EXCEPTION, codes)
        self._plan(order, "cancel", self._exchange.delays.exception_kept)

    def _become(self, order: PortOrder, status: PortStatus, codes: list[str] | None = None) -> None:
        order.status, order.codes, order.updated = status, codes or [], self._exchange.now()
        order.turn += 1
        about = {
            "id": order.sid,
            "customer_reference": order.fields.get("customer_reference"),
            "status": described_status(order),
            "support_key": order.support_key,
            "updated_at": iso(order.updated),
            "webhook_url": order.fields.get("webhook_url"),
        }
        self._tell(order, "status_changed", about)

    def _plan(self, order: PortOrder, act: str, after: timedelta) -> None:
        self._exchange.later(StepKind.PORT_ORDER, order.sid, after, f"{act} {order.turn}")

    def _tell(self, order: PortOrder, event: str, payload: Json) -> None:
        """Tell the order's own address, else the account's."""
        if url := order.fields.get("webhook_url"):
            tell(self._exchange, order.account_sid, str(url), f"porting_order.{event}", payload)
        else:
            tell_account(self._exchange, order.account_sid, f"porting_order.{event}", payload)


def described_status(order: PortOrder) -> Json:
    """The state of an order with the reasons of an exception."""
    details = [{"code": code, "description": code.replace("_", " ").capitalize()} for code in order.codes]
    return {"value": order.status, "details": details}


def _objections(order: PortOrder) -> list[str]:
    admin = _section(_section(order.fields, "end_user"), "admin")
    found = [code for number in order.numbers for code in EXCEPTIONS.get(number[-4:], ())]
    if admin.get("pin_passcode") != GOOD_PIN and any(number.endswith("3155") for number in order.numbers):
        found.append("PASSCODE_PIN_INVALID")
    if admin.get("account_number") != GOOD_ACCOUNT_NUMBER and any(number.endswith("3156") for number in order.numbers):
        found.append("ACCOUNT_NUMBER_MISMATCH")
    return list(dict.fromkeys(found))


def _section(fields: Json, name: str) -> Json:
    section = fields.get(name)
    return section if isinstance(section, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
