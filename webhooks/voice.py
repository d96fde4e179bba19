"""The answer to a ringing call."""

from psycopg import OperationalError

from provisioning.contract.callbacks import Event
from provisioning.contract.voice import CallAnswer, CallStep
from service.callback_addresses import Carried, Step, read
from service.calls.answering import answer_call
from service.porting.number_codes import read_out
from service.services import Services
from webhooks.connections import Connections
from webhooks.intake import Callback


def answer(services: Services, reads: Connections, callback: Callback) -> CallAnswer:
    """The next steps of a call, in the carrier's format. Only reads our database.

    After a restart of the database the kept connections are closed, so a second try uses new ones.
    """
    network = services.network(callback.carrier)
    [event] = network.callbacks.read(callback.subject, callback.body)
    carried = read(callback.query)
    try:
        steps = _steps(services, reads, callback.carrier, event, carried)
    except OperationalError:
        reads.close()
        steps = _steps(services, reads, callback.carrier, event, carried)
    return network.voice.render(steps)


def _steps(services: Services, reads: Connections, carrier: str, event: Event, carried: Carried) -> list[CallStep]:
    with reads.one() as connection:
        if carried.step is Step.CODE:
            return read_out(connection, services, carried.entry)
        return answer_call(connection, services, carrier, event, carried)
