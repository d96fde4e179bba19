"""FastPort: the minute at which an order is carried out.

https://developers.telnyx.com/api-reference/porting-orders: an order whose numbers can come fast has a job for that as
soon as it has its date. Left alone, the job begins at the end of its window.
"""

from datetime import UTC, datetime
from typing import Final

from phonenumbers import parse, region_code_for_number

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, as_object, id_of, moment, objects_of, text_of
from provisioning.carriers.telnyx.porting_words import JOB_STATUSES, ORDERS
from provisioning.contract.activation import Activation, Window
from provisioning.contract.errors import NotFound
from provisioning.contract.porting import PortStatus

ON_DEMAND: Final = "US"
"""Where numbers can be brought in at once: the description says so of these alone."""


class TelnyxActivations:
    """The facet of the moment at which numbers come."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def choose(self, reference: str, at: datetime) -> None:
        """Set the moment of an order's job."""
        with understood():
            job = id_of(self._job(reference), "id")
        body = {"activate_at": at.astimezone(UTC).isoformat()}
        self._client.change(f"{ORDERS}/{reference}/activation_jobs/{job}", body)

    def start(self, reference: str) -> None:
        """Begin an order's job, unless an earlier try did whose answer was lost."""
        with understood():
            has_begun = JOB_STATUSES.get(text_of(self._job(reference), "status")) is PortStatus.ACTIVATING
        if not has_begun:
            self._client.ask("POST", f"{ORDERS}/{reference}/actions/activate")

    def _job(self, reference: str) -> Json:
        job = newest_job(self._client, reference)
        if job is None:
            raise NotFound("the order has no activation job")
        return job


def newest_job(client: Client, reference: str) -> Json | None:
    """The newest activation job of an order, if it has any."""
    jobs = list(client.fetch_each(f"{ORDERS}/{reference}/activation_jobs"))
    return max(jobs, key=lambda job: str(job.get("created_at") or ""), default=None)


def comes_fast(order: Json) -> bool:
    """Whether the carrier lets the minute of an order be chosen."""
    return as_object(order.get("activation_settings") or {}).get("fast_port_eligible") is True


def activation_of(job: Json, number: str) -> Activation:
    """What can be chosen of the job that brings a number. Raises `KeyError` or `ValueError` if a time is missing."""
    country = region_code_for_number(parse(number))
    windows = (Window(_time(one, "start_at"), _time(one, "end_at")) for one in objects_of(job, "activation_windows"))
    return Activation(
        _time(job, "activate_at"), tuple(sorted(windows, key=lambda one: one.opens)), on_demand=country == ON_DEMAND
    )


def _time(found: Json, name: str) -> datetime:
    at = moment(found[name])
    if at is None:
        raise ValueError(f"{name} is no moment")
    return at.astimezone(UTC)
