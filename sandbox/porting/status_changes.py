"""Status changes of port numbers and requests, with their callbacks."""

from datetime import UTC, datetime

from sandbox.exchange import Exchange
from sandbox.faults import WebhookSpelling
from sandbox.porting.records import (
    FINAL_NUMBERS,
    FINAL_REQUESTS,
    NumberStatus,
    PortIn,
    PortNumber,
    RequestStatus,
    StatusChange,
)
from sandbox.scenarios import PORTABILITY_REASONS, REJECTION_REASONS

# https://www.twilio.com/docs/phone-numbers/port-in/port-in-webhooks
NUMBER_EVENTS = {
    NumberStatus.WAITING_FOR_SIGNATURE: "PortInPhoneNumberWaitingForSignature",
    NumberStatus.PORT_SUBMITTED: "PortInPhoneNumberSubmitted",
    NumberStatus.PORT_PENDING: "PortInPhoneNumberPending",
    NumberStatus.PORT_REJECTED: "PortInPhoneNumberRejected",
    NumberStatus.COMPLETED: "PortInPhoneNumberCompleted",
    NumberStatus.CANCELED: "PortInPhoneNumberCanceled",
}
REQUEST_EVENTS = {
    RequestStatus.WAITING_FOR_SIGNATURE: "PortInWaitingForSignature",
    RequestStatus.IN_PROGRESS: "PortInInProgress",
    RequestStatus.ACTION_REQUIRED: "PortInActionRequired",
    RequestStatus.COMPLETED: "PortInCompleted",
    RequestStatus.CANCELED: "PortInCanceled",
    RequestStatus.EXPIRED: "PortInExpired",
}


class StatusChanges:
    """Changes statuses and notifies the account's porting webhook."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def change(self, port_in: PortIn, number: PortNumber, status: NumberStatus, rejection: int | None = None) -> None:
        """Set the status of one number and notify. The caller calls `settle` after the last number of the request."""
        number.status = status
        number.changed = self._exchange.now()
        number.rejection_code = rejection
        number.past.append(StatusChange(status, number.changed, number.port_date, rejection))
        if status in NUMBER_EVENTS:
            self._notify(NUMBER_EVENTS[status], _number_payload(port_in, number), status)

    def settle(self, port_in: PortIn, status: RequestStatus | None = None) -> None:
        """Set the request's status from its numbers (or to `status`), and notify if it has changed."""
        status = status or request_status(port_in)
        if status is port_in.status:
            return
        port_in.status = status
        port_in.changed = self._exchange.now()
        if status in REQUEST_EVENTS:
            self._notify(REQUEST_EVENTS[status], _request_payload(port_in), status)

    def _notify(self, event: str, payload: dict[str, object], status: str) -> None:
        config = self._exchange.state.webhooks
        if config.port_in_target_url and (not config.notifications_of or event in config.notifications_of):
            payload["status"] = _spell(status, event, self._exchange.faults.webhook_spelling)
            self._exchange.post_json(self._exchange.account_sid, config.port_in_target_url, payload)


def request_status(port_in: PortIn) -> RequestStatus:
    """The request's status that follows from its numbers: the least advanced open number decides."""
    if port_in.status in FINAL_REQUESTS:
        return port_in.status
    still_open = {number.status for number in port_in.numbers} - FINAL_NUMBERS
    if not still_open:
        ported = any(number.status is NumberStatus.COMPLETED for number in port_in.numbers)
        return RequestStatus.COMPLETED if ported else RequestStatus.CANCELED
    if still_open == {NumberStatus.CANCELING}:
        return port_in.status
    return _of_open_numbers(still_open)


def _of_open_numbers(statuses: set[NumberStatus]) -> RequestStatus:
    weakest_first = {
        NumberStatus.PORT_REJECTED: RequestStatus.ACTION_REQUIRED,
        NumberStatus.IN_REVIEW: RequestStatus.IN_REVIEW,
        NumberStatus.WAITING_FOR_SIGNATURE: RequestStatus.WAITING_FOR_SIGNATURE,
    }
    found = (result for status, result in weakest_first.items() if status in statuses)
    return next(found, RequestStatus.IN_PROGRESS)


def _number_payload(port_in: PortIn, number: PortNumber) -> dict[str, object]:
    return {
        "port_in_request_sid": port_in.sid,
        "port_in_phone_number_sid": number.sid,
        "phone_number": number.phone_number,
        "status": None,
        "last_date_updated": _iso(number.changed),
        "portable": number.not_portable_code is None,
        "not_portable_reason": PORTABILITY_REASONS.get(number.not_portable_code or 0),
        "not_portable_reason_code": number.not_portable_code,
        "rejection_reason": REJECTION_REASONS.get(number.rejection_code or 0),
        "rejection_reason_code": number.rejection_code,
    }


def _request_payload(port_in: PortIn) -> dict[str, object]:
    empty = ("port_in_phone_number_sid", "phone_number", "portable", "not_portable_reason")
    codes = ("not_portable_reason_code", "rejection_reason", "rejection_reason_code")
    payload: dict[str, object] = dict.fromkeys(empty + codes)
    return payload | {"port_in_request_sid": port_in.sid, "last_date_updated": _iso(port_in.changed)}


def _spell(status: str, event: str, spelling: WebhookSpelling) -> str:
    if spelling is WebhookSpelling.EVENT:
        return event
    if spelling is WebhookSpelling.TITLE:
        return status.replace("_", " ").title()
    return status.removeprefix("port_") if spelling is WebhookSpelling.SHORT else status


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
