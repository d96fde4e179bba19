"""A carrier that offers less than the others."""

from dataclasses import replace

from provisioning.contract.errors import Refused
from provisioning.contract.messaging import CannotTell


def without(carriers, *facets):
    """The same carriers, the first of which lacks these facets: `without(carriers, "lookup")`."""
    name, carrier = next(iter(carriers.items()))
    network = replace(carrier.network, **dict.fromkeys(facets))
    return {**carriers, name: replace(carrier, network=network)}


class Forgetful:
    """The messaging of a carrier, whose log of texts shows nothing until it `tells`."""

    def __init__(self, messaging):
        self._messaging, self.tells = messaging, False

    def __getattr__(self, name):
        return getattr(self._messaging, name)

    def find(self, message, since):
        return self._messaging.find(message, since) if self.tells else CannotTell("its log is late")

    def left(self, since):
        return self._messaging.left(since) if self.tells else CannotTell("its log is late")


def forgetful(carriers):
    """The same carriers, the first of which has the messaging of a `Forgetful` one."""
    name, carrier = next(iter(carriers.items()))
    network = replace(carrier.network, messaging=Forgetful(carrier.network.messaging))
    return {**carriers, name: replace(carrier, network=network)}


class Telling:
    """The calling of a carrier that tells its code to a person who is called, who tells it to us."""

    reads_out_codes = True

    def __init__(self, calling, world):
        self._calling, self._world = calling, world

    def __getattr__(self, name):
        return getattr(self._calling, name)

    def begin_proof(self, number, name, status_url):
        self._calling.begin_proof(number, name, status_url)
        return ""

    def finish_proof(self, number, code):
        if not self._world.verify_caller(number, code):
            raise Refused("another code")


def telling(carriers, world):
    """The same carriers, the first of which has the calling of a `Telling` one."""
    name, carrier = next(iter(carriers.items()))
    network = replace(carrier.network, calling=Telling(carrier.network.calling, world))
    return {**carriers, name: replace(carrier, network=network)}


class Delayed:
    """A facet of a carrier whose answers are on their way while the clock is wound on."""

    def __init__(self, facet, wind):
        self._facet, self._wind = facet, wind

    def __getattr__(self, name):
        asked = getattr(self._facet, name)

        def answered_late(*about):
            answer = asked(*about)
            self._wind()
            return answer

        return answered_late
