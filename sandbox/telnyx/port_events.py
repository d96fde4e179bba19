"""What is told of porting orders: to the order's own address, else to the account's. All of it is kept in a log."""

from uuid import uuid4

from sandbox.exchange import Exchange
from sandbox.porting.records import Comment
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.events import tell, tell_account
from sandbox.telnyx.port_scenarios import texts_can_come
from sandbox.telnyx.records import PortEvent, PortOrder, TextsStatus


class PortEvents:
    """Words, keeps and sends the events of porting orders."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def status_changed(self, order: PortOrder) -> None:
        """Tell the state of an order. The date is not in it."""
        about = {
            "status": described_status(order),
            "support_key": order.support_key,
            "updated_at": iso(order.updated),
            "webhook_url": order.fields.get("webhook_url"),
        }
        self._happened(order, "status_changed", _ids(order) | about)

    def messaging_changed(self, order: PortOrder) -> None:
        """Tell how far the texts have come."""
        about = {"support_key": order.support_key, "messaging": described_texts(order)}
        self._happened(order, "messaging_changed", _ids(order) | about)

    def commented(self, order: PortOrder, comment: Comment) -> None:
        """Tell a comment."""
        words: Json = {"id": comment.sid, "body": comment.body, "user_type": comment.user_type}
        words |= {"inserted_at": iso(comment.created), "user_id": order.account_sid}
        told: Json = {"comment": words, "porting_order_id": order.sid, "support_key": order.support_key}
        self._happened(order, "new_comment", told)

    def split(self, order: PortOrder, new: PortOrder) -> None:
        """Tell that numbers went from one order to another."""
        moved = [{"id": str(uuid4())} for _ in new.numbers]
        told: Json = {"from": {"id": order.sid}, "to": {"id": new.sid}, "porting_phone_numbers": moved}
        self._happened(order, "split", told)

    def deleted(self, order: PortOrder) -> None:
        """Tell that a draft is gone."""
        self._happened(order, "deleted", _ids(order) | {"deleted_at": iso(self._exchange.now())})

    def send(self, event: PortEvent) -> None:
        """Send an event, the first time or once more."""
        order = self._exchange.state.port_orders.get(event.subject)
        if order is not None and (url := order.fields.get("webhook_url")):
            tell(self._exchange, event.account_sid, str(url), event.kind, event.payload)
        else:
            tell_account(self._exchange, event.account_sid, event.kind, event.payload)

    def _happened(self, order: PortOrder, kind: str, payload: Json) -> None:
        now = self._exchange.now()
        event = PortEvent(str(uuid4()), order.account_sid, order.sid, f"porting_order.{kind}", payload, now)
        self._exchange.state.port_events[event.sid] = event
        self.send(event)


def described_status(order: PortOrder) -> Json:
    """The state of an order with the reasons of an exception."""
    details = [{"code": code, "description": code.replace("_", " ").capitalize()} for code in order.codes]
    return {"value": order.status, "details": details}


def described_texts(order: PortOrder) -> Json:
    """How far the texts of an order have come."""
    return {
        "messaging_capable": texts_can_come(order.numbers),
        "enable_messaging": order.texts is not TextsStatus.NOT_APPLICABLE,
        "messaging_port_status": order.texts,
        "messaging_port_completed": order.texts is TextsStatus.PORTED,
    }


def _ids(order: PortOrder) -> Json:
    return {"id": order.sid, "customer_reference": order.fields.get("customer_reference")}
