"""Deaths to order: a worker dies at a named point of an entry. Nothing of ours catches a death."""


class WorkerDied(BaseException):
    """A worker that is killed writes nothing any more and catches nothing."""


def die():
    raise WorkerDied


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
