"""Which phones of a ring group ring next.

At the carriers the first pick-up ends the ringing of all phones, even the voicemail of a mobile that is switched off.
Where a phone picked up and did not take the call, the phones of the group are therefore rung again, one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.contract.callbacks import CallOutcome
from provisioning.contract.voice import MOST_AT_ONCE
from service.calls.nodes import RingPhones
from service.calls.queries import Rung


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group has been rung: up to the phone with the id `after` (0: not yet), and whether one by one."""

    after: int = 0
    alone: bool = False

    def onwards(self, outcome: CallOutcome) -> "Progress":
        """The progress after the phones rung last have ended with this outcome."""
        picked_up = outcome is CallOutcome.NOT_TAKEN and not self.alone
        return Progress(after=0, alone=True) if picked_up else self

    def past(self, rung: Sequence[Rung]) -> "Progress":
        """The progress once these phones have rung. A phone that rang by itself is not rung again."""
        return Progress(rung[-1].id, self.alone or len(rung) == 1)


def next_phones(phones: Sequence[Rung], node: RingPhones, progress: Progress) -> list[Rung]:
    """The phones that ring next: those on duty, in the line's order, at most as many at once as a carrier can ring.

    Empty when all have rung, or when the phone that rang last is no longer on the line.
    """
    group = [phone for phone in phones if not node.phones or phone.id in node.phones]
    following = [phone for phone in _behind(group, progress.after) if phone.on_duty]
    return following[: 1 if node.in_turn or progress.alone else MOST_AT_ONCE]


def _behind(group: list[Rung], last: int) -> list[Rung]:
    ids = [phone.id for phone in group]
    if not last:
        return group
    return group[ids.index(last) + 1 :] if last in ids else []
