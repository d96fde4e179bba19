"""The answer to a ringing call."""

from urllib.parse import parse_qsl

from provisioning.contract.voice import CallAnswer
from service.calls.plan import answer_call
from service.services import Services
from webhooks.intake import Callback


def answer(services: Services, callback: Callback) -> CallAnswer:
    """What is to happen next in a call, in the carrier's own language. Reads our database and asks nobody."""
    network = services.network(callback.carrier)
    event = network.callbacks.read(callback.subject, callback.body)
    with services.sessions() as session:
        # a single read needs no transaction, and its begin and end would be two more trips while a phone rings
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        steps = answer_call(session, services, callback.carrier, event, dict(parse_qsl(callback.query)))
    return network.voice.render(steps)
