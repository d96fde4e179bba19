"""The cutover of a number: the stored set-up of its line, and each step with the time it was done."""

from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.account import TextRegistration
from service.db import E164, Base, Key, Made
from service.porting.models import PortNumber


class StepName(StrEnum):
    """The steps of a cutover, in an order in which each comes after those it needs; see `steps.py`."""

    FIND_NUMBER = "find_number"
    APPLY_ROUTING = "apply_routing"
    ENROL_TEXTS = "enrol_texts"
    REGISTER_ADDRESS = "register_address"
    SWAP_ROLES = "swap_roles"
    PROVE_VOICE = "prove_voice"
    PROVE_TEXTS = "prove_texts"
    PROVE_PICTURES = "prove_pictures"
    CHANGE_SENDER = "change_sender"
    PROVE_SENDING = "prove_sending"


TAKEN_BACK: Final = (
    StepName.ENROL_TEXTS,
    StepName.SWAP_ROLES,
    StepName.PROVE_VOICE,
    StepName.PROVE_TEXTS,
    StepName.PROVE_PICTURES,
    StepName.CHANGE_SENDER,
    StepName.PROVE_SENDING,
)
"""The steps that taking the cutover back clears. Proofs are cleared too, as something was wrong."""


INCOMING: Final = frozenset({StepName.PROVE_VOICE, StepName.PROVE_TEXTS})
"""Proofs that come in from another network. Pictures come the way texts do, and many lines never get one."""

FROM_OUTSIDE: Final = INCOMING | {StepName.PROVE_SENDING}
"""Proofs that need another network at the other end."""

OF_TEXTS: Final = frozenset(
    {
        StepName.ENROL_TEXTS,
        StepName.PROVE_TEXTS,
        StepName.PROVE_PICTURES,
        StepName.CHANGE_SENDER,
        StepName.PROVE_SENDING,
    }
)
"""The steps that a number without texts leaves out."""


class CutoverStep(Base):
    """One step of one number's cutover; `done_at` is set when it is done, `tries` counts failures.

    `told_at` is when the customer was notified of it, for steps with a notice. `far_end` (E.164, or what the carrier
    shows instead) is who called or texted, or to whom a text was delivered; `trial` is set if that is a number of ours
    at the same carrier. For PROVE_SENDING `tries` counts our own test texts, the latest at `tried_at`, and `trouble` is
    a `Trouble`; the request to send the latest began at `begun_at`. `evidence` keeps what else the carrier showed, for
    people who look into it: no code decides on it.
    """

    __tablename__ = "cutover_steps"
    __table_args__ = (UniqueConstraint("port_number_id", "name"),)

    id: Mapped[Key]
    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id"))
    name: Mapped[StepName]
    done_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")
    far_end: Mapped[str] = mapped_column("sender", String(64), default="", server_default="")
    trial: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    port_number: Mapped[PortNumber] = relationship()

    @property
    def complete(self) -> bool:
        """Whether it is done for good. A test within one carrier shows nothing about other networks."""
        return self.done_at is not None and not (self.trial and self.name in FROM_OUTSIDE)

    def clear(self) -> None:
        """Reset the step, so that it is done anew."""
        self.done_at, self.tried_at, self.begun_at, self.tries, self.trouble = None, None, None, 0, ""
        self.far_end, self.trial, self.evidence = "", False, {}


class Cutover(Base):
    """The cutover of one number, apart from its steps.

    `line_setup` is how the line was set up when the date was committed (`line_setup.py`), `replaced` the number (E.164)
    that the ported one replaced. `taken_back_at` is set while the cutover is taken back (`undo.py`). `snapback_at` is
    when the customer asked to have the number sent back. `old_forwards` and `old_serves` are their answers about the
    old line, `looked_at_gate` the last gate that was checked (`readiness.py`). `trials` counts the tests that we sent
    ourselves, the latest at `tried_out_at`; `trial_word` identifies their texts. `astray_at` is set from the notice
    that calls go astray until the notice that they no longer do. `registration` is the carrier's last answer about the
    registration that the number's texts need, None before it was asked, or if they need none.
    """

    __tablename__ = "cutovers"

    id: Mapped[Key]
    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id"), unique=True)
    line_setup: Mapped[dict[str, Any]] = mapped_column(default=dict)
    frozen_at: Mapped[datetime | None]
    replaced: Mapped[str] = mapped_column(String(16), default="", server_default="")
    astray_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    snapback_at: Mapped[datetime | None]
    old_forwards: Mapped[str] = mapped_column(String(16), default="", server_default="")
    old_serves: Mapped[str] = mapped_column(String(16), default="", server_default="")
    # the version before writes it, nothing reads it any more: drop it in a later release
    unregistered: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    registration: Mapped[TextRegistration | None]
    looked_at_gate: Mapped[str] = mapped_column(String(32), default="", server_default="")
    trials: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_out_at: Mapped[datetime | None]
    trial_word: Mapped[str] = mapped_column(String(16), default=lambda: token_hex(4), server_default="")
    made_at: Mapped[Made]
    port_number: Mapped[PortNumber] = relationship()


class CallerNetwork(Base):
    """The network of a caller (E.164) of a ported number, "" until or unless the registry names one.

    The row is written before the registry is asked, because each look-up costs.
    """

    __tablename__ = "caller_networks"
    __table_args__ = (UniqueConstraint("port_number_id", "caller"),)

    id: Mapped[Key]
    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id"))
    caller: Mapped[E164]
    network: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[Made]
