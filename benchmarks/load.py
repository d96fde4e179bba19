"""Send requests as fast as they are answered, over the loopback, for a few seconds: by wrk, or our own client."""

import asyncio
import shutil
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlsplit

from benchmarks.rig import Rig, processor_seconds

CONNECTIONS: Final = 16
_SCRIPT: Final = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of one slice: the number of answers, answers a second, and their times in milliseconds.

    `server_ms` and `database_ms` are the processor time that one answer took in each, in milliseconds.
    """

    answered: int
    rate: float
    median_ms: float
    p99_ms: float
    failed: int
    server_ms: float = 0.0
    database_ms: float = 0.0


def drive(url: str, requests: Path, seconds: int) -> Figures:
    """Post each line of a file (`signature<TAB>body`) once, over sixteen connections."""
    if wrk := shutil.which("wrk"):
        return _drive_with_wrk(wrk, url, requests, seconds)
    return asyncio.run(_drive_with_our_own(url, requests.read_bytes().splitlines(), seconds))


def alternate(rig: Rig, path: str, files: list[Path], seconds: int) -> tuple[list[Figures], list[Figures]]:
    """Load a route that does nothing and one of ours in turn, with a file for each turn; the first turn only warms up.

    Other load on the machine meets both alike.
    """
    nothing, ours = [], []
    for file in files:
        nothing.append(_measured(rig, "/nothing", file, seconds))
        ours.append(_measured(rig, path, file, seconds))
    return nothing[1:], ours[1:]


def _measured(rig: Rig, path: str, file: Path, seconds: int) -> Figures:
    pids = (rig.server, rig.postgres)
    before = [processor_seconds(pid) for pid in pids]
    figures = drive(rig.url + path, file, seconds)
    spent = [processor_seconds(pid) - was for pid, was in zip(pids, before, strict=True)]
    server, postgres = (seconds * 1000 / max(figures.answered, 1) for seconds in spent)
    return replace(figures, server_ms=server, database_ms=postgres)


def processor(slices: list[Figures]) -> str:
    """What one answer took of the processors, for a table: the median over slices."""
    server, postgres = median(one.server_ms for one in slices), median(one.database_ms for one in slices)
    return f"processor {server:.2f} ms in the server, {postgres:.2f} ms in the database"


def middle(slices: list[Figures]) -> Figures:
    """The slice with the median rate."""
    return sorted(slices, key=lambda one: one.rate)[len(slices) // 2]


def ratio(nothing: list[Figures], ours: list[Figures]) -> float:
    """The rate of our route divided by that of the route that does nothing: the median over turns."""
    return median(one.rate / idle.rate for idle, one in zip(nothing, ours, strict=True))


def driver() -> str:
    """The name of the client that sends; our own is slower than the server, so its figures mean less."""
    return "wrk" if shutil.which("wrk") else "a client of our own (wrk is not installed)"


def _drive_with_wrk(wrk: str, url: str, requests: Path, seconds: int) -> Figures:
    command = [wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s"]
    command += ["--script", str(_SCRIPT), url, str(requests)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- our own
    figures = next(line for line in output.splitlines() if line.startswith("figures"))
    answered, lasted, middling, p99, failed = map(float, figures.split()[1:])
    return Figures(int(answered), answered / lasted, middling, p99, int(failed))


async def _drive_with_our_own(url: str, requests: list[bytes], seconds: int) -> Figures:
    lines = iter(requests)
    started = time.monotonic()
    until = started + seconds
    took: list[float] = []
    failed = [0]

    async def send_all() -> None:
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while time.monotonic() < until and (line := next(lines, None)) is not None:
            begun = time.monotonic()
            writer.write(_written(address.path, line))
            failed[0] += not await _answered_well(reader)
            took.append((time.monotonic() - begun) * 1000)
        writer.close()

    await asyncio.gather(*(send_all() for _ in range(CONNECTIONS)))
    cuts = quantiles(took, n=100)
    return Figures(len(took), len(took) / (time.monotonic() - started), cuts[49], cuts[98], failed[0])


def _written(path: str, line: bytes) -> bytes:
    signature, _, body = line.partition(b"\t")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature.decode()}\r\n\r\n"
    )
    return head.encode() + body


async def _answered_well(reader: asyncio.StreamReader) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, rest = head.partition(b"content-length: ")
    if rest:
        await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
    return head.startswith(b"http/1.1 2")
