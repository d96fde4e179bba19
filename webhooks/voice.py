"""The answer to a ringing call."""

from psycopg import OperationalError

from provisioning.contract.callbacks import Event
from provisioning.contract.voice import CallAnswer, CallStep
from service.callback_addresses import Carried, read
from service.calls.answering import answer_call
from service.services import Services
from webhooks.connections import Cursors
from webhooks.intake import Callback


def answer(services: Services, reads: Cursors, callback: Callback) -> CallAnswer:
    """What is to happen next in a call, in the carrier's own language. Reads our database and asks nobody.

    A database that was restarted has closed the connections we kept; the second try has new ones.
    """
    network = services.network(callback.carrier)
    event = network.callbacks.read(callback.subject, callback.body)
    carried = read(callback.query)
    try:
        steps = _steps(services, reads, callback.carrier, event, carried)
    except OperationalError:
        reads.close()
        steps = _steps(services, reads, callback.carrier, event, carried)
    return network.voice.render(steps)


def _steps(services: Services, reads: Cursors, carrier: str, event: Event, carried: Carried) -> list[CallStep]:
    with reads.one() as cursor:
        return answer_call(cursor, services, carrier, event, carried)
