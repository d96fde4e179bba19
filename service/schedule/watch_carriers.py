"""Whether the carriers still send their callbacks here: asked at the start and daily."""

from service.callbacks import watch_callbacks
from service.services import Services


def watch_carriers(services: Services) -> None:
    """Have the configuration of every carrier that numbers live at compared with ours."""
    with services.sessions.begin() as session:
        for carrier in services.carriers.values():
            if carrier.network:
                watch_callbacks.defer_once(session, carrier=carrier.name)
