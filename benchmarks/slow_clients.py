"""Whether slow clients keep a signed callback waiting: `python -m benchmarks.slow_clients`.

Two hundred connections each that stay silent, send half a head, or half a body; then callbacks, one after another.
"""

import statistics
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from socket import create_connection
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks.rig import Rig, standing

CLIENTS: Final = 200
CALLBACKS: Final = 50
PATH: Final = "/webhooks/twilio/message"
BEGINNINGS: Final = {
    "nobody else": None,
    "silent": b"",
    "half a head": b"POST /webhooks/twilio/message HTTP/1.1\r\nHost: a\r\n",
    "half a body": b"POST /webhooks/twilio/message HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nMessageSid=",
}


def main() -> None:
    """Print how long a callback takes beside each kind of slow client."""
    with standing() as rig:
        _beside(rig, "the first ones wait for the processes to load", None)
        print(f"callbacks beside {CLIENTS} slow clients")
        for name, beginning in BEGINNINGS.items():
            seconds = _beside(rig, name, beginning)
            print(
                f"  {name:12} median {statistics.median(seconds) * 1000:6.1f} ms  slowest {max(seconds) * 1000:6.1f} ms"
            )


def _beside(rig: Rig, name: str, beginning: bytes | None) -> list[float]:
    address = urlsplit(rig.url)
    bodies = [urlencode({"MessageSid": f"SM{hash((name, i)) & 0xFFFFFFFF:032x}"}) for i in range(CALLBACKS)]
    requests = rig.signed("slow", PATH, bodies).read_text().splitlines()
    with ExitStack() as stack:
        for _ in range(0 if beginning is None else CLIENTS):
            connection = stack.enter_context(create_connection((address.hostname or "", address.port or 80)))
            connection.sendall(beginning or b"")
        return [_posted(address.netloc, line) for line in requests]


def _posted(address: str, line: str) -> float:
    signature, body = line.split("\t")
    began = time.perf_counter()
    connection = HTTPConnection(address, timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    connection.request("POST", PATH, body, kind)
    status = connection.getresponse().status
    connection.close()
    if status >= 300:  # noqa: PLR2004 -- a callback that is not kept proves nothing
        raise SystemExit(f"a callback was answered {status}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
