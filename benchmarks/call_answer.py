"""Measure the answer to a ringing call on a line with ten phones, compared with a route that does nothing."""

import os
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from benchmarks.load import alternate, driver, middle, processor, ratio
from benchmarks.rig import standing
from service.accounts.models import Workspace
from service.calls.document import written
from service.calls.models import CallPlan
from service.calls.nodes import MESSAGE, Greeting, RingPhones, Voicemail, usual
from service.db import connect
from service.lines.models import Line, NumberRole, Phone, PhoneNumber, Standing

PATH: Final = "/webhooks/twilio/voice"
ROUNDS: Final = 9
SECONDS: Final = 2
MOST_A_SECOND: Final = 8000
NUMBER: Final = "+14155552671"
PHONES: Final = 10


def main() -> None:
    """Measure and print."""
    with standing() as rig:
        set_up_line(rig.database, in_turn=True)  # phones that ring together want rows: benchmarks.ring
        files = [rig.signed(f"calls-{turn}", PATH, _calls(turn)) for turn in range(ROUNDS + 1)]
        nothing, answered = alternate(rig, PATH, files, SECONDS)
    idle, busy = middle(nothing), middle(answered)
    load = os.getloadavg()[0]
    print(f"call answer, {PHONES} phones, 16 connections, {driver()}  (load of the machine {load:.1f})")
    print(f"  a route that does nothing   {idle.rate:6.0f}/s  p99 {idle.p99_ms:5.1f} ms  {processor(nothing)}")
    print(f"  plan read, call kept, sent  {busy.rate:6.0f}/s  p99 {busy.p99_ms:5.1f} ms  {processor(answered)}")
    print(f"  its p99 is wanted to be at most 40 ms; the median is {busy.median_ms:.1f} ms")
    print(f"  ratio to nothing            {ratio(nothing, answered):6.2f}   (wanted 0.40)")
    print(f"  failed {sum(one.failed for one in answered)}")


def set_up_line(address: str, *, phones: int = PHONES, in_turn: bool = False) -> None:
    """Set a line with so many phones up on a database, which ring together or in turn."""
    with Session(connect(address)) as session, session.begin():
        workspace = Workspace(name="Alice's Bakery")
        session.add(workspace)
        session.flush()
        line = Line(workspace_id=workspace.id, name="Main line")
        session.add(line)
        session.flush()
        ring = {"ring": RingPhones(MESSAGE, in_turn=in_turn)}
        nodes = {**usual().nodes, **ring, MESSAGE: Voicemail(Greeting("We bake until noon."))}
        session.add(CallPlan(line_id=line.id, document=written(replace(usual(), nodes=nodes))))
        session.add(
            PhoneNumber(
                line_id=line.id,
                number=NUMBER,
                role=NumberRole.PRIMARY,
                standing=Standing.HELD,
                carrier="twilio",
            )
        )
        session.add_all(Phone(line_id=line.id, number=f"+14155550{100 + at}", position=at) for at in range(phones))


def _calls(turn: int) -> list[str]:
    """Bodies of callbacks for calls, with the fields that the carrier sends; each has its own id."""
    sides = ("From", "To", "Caller", "Called")
    place = {f"{side}{part}": "" for side in sides for part in ("City", "State", "Zip", "Country")}
    return [
        urlencode(
            {
                "CallSid": f"CA{turn:04x}{number:028x}",
                "AccountSid": "AC" + "0" * 32,
                "From": (caller := f"+1415555{number % 10000:04d}"),
                "To": NUMBER,
                "Caller": caller,
                "Called": NUMBER,
                "CallStatus": "ringing",
                "Direction": "inbound",
                "ApiVersion": "2010-04-01",
                **place,
            }
        )
        for number in range(MOST_A_SECOND * SECONDS)
    ]


if __name__ == "__main__":
    main()
