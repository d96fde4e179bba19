"""`activation_jobs`: the minute at which a fast order is ported, within the window of its day."""

from datetime import datetime

from sandbox.current import the_world
from sandbox.scenarios import country
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.owned import own_order
from sandbox.telnyx.paging import page
from sandbox.telnyx.records import ActivationJob, JobStatus, PortOrder

port_jobs = guarded("port_jobs")


@port_jobs.get("/porting_orders/<sid>/activation_jobs")
def fetch_list(sid: str) -> Json:
    """List the jobs of an order: one, once a fast order has its date."""
    return page(own_order(sid).jobs, _resource)


@port_jobs.get("/porting_orders/<sid>/activation_jobs/<job>")
def fetch(sid: str, job: str) -> Json:
    """Fetch one job."""
    return {"data": _resource(_own(own_order(sid), job))}


@port_jobs.patch("/porting_orders/<sid>/activation_jobs/<job>")
def update(sid: str, job: str) -> Json:
    """Choose the moment, which lies in the window and is still to come."""
    order, body = own_order(sid), json_object(["activate_at"], ["activate_at"])
    found = _open(_own(order, job))
    _set(order, found, _moment(text(body, "activate_at")))
    return {"data": _resource(found)}


@port_jobs.post("/porting_orders/<sid>/actions/activate")
def activate(sid: str) -> tuple[Json, int]:
    """Port an American order now: 202. It is ported a minute later; refused outside of its window."""
    order, world = own_order(sid), the_world()
    if country(order.numbers[0]) != "US":
        raise Denied(invalid("status", "Only US FastPort orders can be activated."))
    if not order.jobs:
        raise Denied(invalid("status", "The order has no activation job."))
    job = _open(order.jobs[-1])
    _set(order, job, world.exchange.now(), later=True)
    job.status = JobStatus.IN_PROCESS
    return {"data": _resource(job)}, 202


def _set(order: PortOrder, job: ActivationJob, moment: datetime, *, later: bool = False) -> None:
    world = the_world()
    if not max(job.opens, world.exchange.now()) <= moment <= job.closes:
        raise Denied(invalid("activate_at", "The moment is not in the activation window."))
    with world.exchange.changing():
        job.activate_at, job.updated = moment, world.exchange.now()
        if later:
            job.activate_at += world.exchange.delays.activated
        world.port_orders.schedule(order, job)


def _open(job: ActivationJob) -> ActivationJob:
    if job.status is not JobStatus.CREATED:
        raise Denied(invalid("status", f"The job is {job.status}."))
    return job


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Denied(invalid("activate_at", "activate_at is no moment with its time zone."))
    return moment


def _own(order: PortOrder, sid: str) -> ActivationJob:
    for job in order.jobs:
        if job.sid == sid:
            return job
    raise not_found()


def _resource(job: ActivationJob) -> Json:
    return {
        "id": job.sid,
        "record_type": "porting_activation_job",
        "status": job.status,
        "activation_type": "scheduled",
        "activate_at": iso(job.activate_at),
        "activation_windows": [{"start_at": iso(job.opens), "end_at": iso(job.closes)}],
        "created_at": iso(job.created),
        "updated_at": iso(job.updated),
    }
