"""By which carrier our own texts leave: the first one, or while that is silent the one of `STANDBY_NUMBER`.

They are what can leave by another carrier at all. What a customer writes leaves from a number of theirs, which lives at
one carrier, and waits for it in the ledger; mail leaves by no carrier.
"""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from service.carrier_cursors import silent_carriers
from service.ledger import leases
from service.ledger.models import LedgerEntry
from service.services import Services


class OwnText:
    """The column of a row that tells of a text of ours: the carrier of its last try, "" before the first."""

    carrier: Mapped[str] = mapped_column(String(32), default="", server_default="")


def leave_by(services: Services, entry: LedgerEntry, told_of_by: type[OwnText]) -> str:
    """Name of the carrier by which the text of an entry is to leave now; kept in its row, so that a look asks there.

    That it is to be sent proves that it has left by no carrier so far.

    Raises:
        TooLate: another worker sends it by now.
    """
    if not services.standby:
        return services.home
    with services.sessions.begin() as session:
        leases.renew(session, services.settings, entry)
        carrier = services.standby if services.home in silent_carriers(session) else services.home
        session.get_one(told_of_by, entry.subject_id).carrier = carrier
    return carrier
