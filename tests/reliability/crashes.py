"""Planned crashes: a worker is killed at a named point of performing a ledger entry."""


class WorkerKilled(BaseException):
    """The worker was killed. No handler of ours catches it, so nothing is written afterwards."""


def kill():
    raise WorkerKilled


class Crashes:
    """The crash, or other interruption, that is planned next. It happens once."""

    def __init__(self):
        self._armed = None

    def arm(self, point, kind=None, strike=kill):
        """Have `strike` called when this point is reached next; with a kind, at an entry of that kind."""
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
