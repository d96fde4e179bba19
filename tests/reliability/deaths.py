"""Where a worker can die or be stopped: at the named points of an entry. Nothing of ours catches a death."""

from dataclasses import replace
from enum import StrEnum


class WorkerDied(BaseException):
    """A worker that is killed writes nothing any more and catches nothing."""


def die():
    raise WorkerDied


class Point(StrEnum):
    """The points of an entry, in order. Before the claim and after the record it is the job that is cut off."""

    BEFORE_CLAIM = "before_claim"
    AFTER_CLAIM = "after_claim"
    AFTER_TRYING = "after_trying"
    AFTER_CALL = "after_call"
    BEFORE_RECORD = "before_record"
    AFTER_RECORD = "after_record"


class Deaths:
    """Which death awaits whom, or what else happens there; each comes once."""

    def __init__(self):
        self._armed = None

    def arm(self, point, kind=None, strike=die):
        """The next worker to come by this point dies; with a kind, only at an entry of that kind."""
        self._armed = (point, kind, strike)

    def disarm(self):
        self._armed = None

    @property
    def struck(self):
        return self._armed is None

    def at(self, point, kind):
        if self._armed and self._armed[0] is point and self._armed[1] in {None, kind}:
            strike, self._armed = self._armed[2], None
            strike()


class Mortal:
    """A performer in the hands of a worker who may die at any point."""

    def __init__(self, performer, kind, deaths):
        self._performer, self._kind, self._deaths = performer, kind, deaths

    def prepare(self, session, entry):
        self._deaths.at(Point.AFTER_CLAIM, self._kind)
        return self._performer.prepare(session, entry)

    def call(self, services, entry, prepared):
        self._deaths.at(Point.AFTER_TRYING, self._kind)
        reference = self._performer.call(services, entry, prepared)
        self._deaths.at(Point.AFTER_CALL, self._kind)
        return reference

    def look(self, services, entry, prepared):
        return self._performer.look(services, entry, prepared)

    def settle(self, session, services, entry, reference):
        self._deaths.at(Point.BEFORE_RECORD, self._kind)
        self._performer.settle(session, services, entry, reference)

    def give_back(self, session, services, entry, reference):
        self._performer.give_back(session, services, entry, reference)

    def refuse(self, session, services, entry, error):
        self._deaths.at(Point.BEFORE_RECORD, self._kind)
        self._performer.refuse(session, services, entry, error)


def in_mortal_hands(services, deaths):
    """The services with every performer in mortal hands."""
    mortal = {kind: Mortal(performer, kind, deaths) for kind, performer in services.performers.items()}
    return replace(services, performers=mortal)
