"""Measure how soon a phone of a group rings after a call came in, and how soon caller and person are connected.

Twenty callers at once. The carrier answers at once and notes when it was asked, so what is measured is ours: web
processes, database and worker. Then the same with an account that may place one call a second. Beside it stands how
long a route that does nothing takes for as many requests at once.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from threading import Thread
from typing import Final
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.request_validator import RequestValidator

from benchmarks.call_answer import NUMBER, set_up_line
from benchmarks.rig import PUBLIC, TOKEN, Rig, environ, free_port, process, standing
from service.calls.legs.waiting import UNPLACED

CALLERS: Final = 20
ROUNDS: Final = 10
PHONES: Final = 3
PATIENCE: Final = 20.0
FALLS_BACK: Final = UNPLACED.total_seconds()
ENOUGH: Final = 1000
"""So many calls a second keep nobody waiting."""


@dataclass
class Carrier:
    """Takes every order at once. By caller: when the first leg was ordered, and its document; when it was fetched."""

    ordered: dict[str, float] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, float] = field(default_factory=dict)
    orders: int = 0

    def take(self, path: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Take an order for a call, or a request about one; its status and the id of the call."""
        if path.endswith("/Calls.json"):
            self.orders += 1
            self.ordered.setdefault(form["From"], time.perf_counter())
            self.documents.setdefault(form["From"], form["Url"])
            return 201, f"CA{self.orders:032x}"
        sid = path.rpartition("/")[2].removesuffix(".json")
        if "Url" in form:
            self.fetched[sid] = time.perf_counter()
        return 200, sid


def main() -> None:
    """Measure and print."""
    carrier = Carrier()
    with standing() as rig, _listening(carrier) as url, ThreadPoolExecutor(CALLERS) as pool:
        set_up_line(rig.database, phones=PHONES)
        with _worker(rig, url, ENOUGH):
            rung, connected, nothing = list[float](), list[float](), list[float]()
            for turn in range(ROUNDS + 1):
                nothing += pool.map(lambda _: _nothing(rig), range(CALLERS))
                callers = [f"+1212{turn:02}{at:05}" for at in range(CALLERS)]
                rung += pool.map(lambda caller: _ring(rig, carrier, caller), callers)
                connected += pool.map(lambda caller: _accept(rig, carrier, caller), callers)
        idle, begun = nothing[CALLERS:], rung[CALLERS:]  # the first round warms up
        print(f"ring groups of {PHONES}, {CALLERS} callers at once, {ROUNDS} times  (load of the machine {_load()})")
        _tell("a route that does nothing", idle, "")
        _tell("call to first leg ordered", begun, "wanted 500 and 1500 ms")
        _tell("accept to both connected", connected[CALLERS:], "wanted 500 ms")
        print(f"  first leg: {median(begun) / median(idle):.1f} times as long as doing nothing")
        with _worker(rig, url, 1):
            slow = [f"+1213{at:07}" for at in range(CALLERS)]
            waited = sorted(pool.map(lambda caller: _ring(rig, carrier, caller), slow))
    in_time = [f"{wait:.0f}" for wait in waited if wait < FALLS_BACK]
    print(f"at one call a second: first legs after {', '.join(in_time)} s;")
    print(f"  for {CALLERS - len(in_time)} callers the phones ring in one step after {FALLS_BACK:.0f} s")


def _tell(what: str, seconds: list[float], wanted: str) -> None:
    p99 = quantiles(seconds, n=100)[98]
    print(f"  {what:<27}{median(seconds) * 1000:6.0f} ms median {p99 * 1000:6.0f} ms p99  {wanted}")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _nothing(rig: Rig) -> float:
    began = time.perf_counter()
    requests.post(f"{rig.url}/nothing", timeout=PATIENCE)
    return time.perf_counter() - began


def _ring(rig: Rig, carrier: Carrier, caller: str) -> float:
    """A call comes in; the seconds until its first leg is ordered, or `PATIENCE`."""
    began = time.perf_counter()
    told = {"CallSid": _sid(caller), "CallStatus": "ringing", "Direction": "inbound", "CallToken": "token"}
    answer = _ask(rig, "/webhooks/twilio/voice", {"From": caller, "To": NUMBER, **told})
    assert "<Enqueue" in answer, answer
    return _until(carrier.ordered, caller, began)


def _accept(rig: Rig, carrier: Carrier, caller: str) -> float:
    """A person presses 1; the seconds until the caller has been led to the same room."""
    query = urlsplit(carrier.documents[caller]).query.replace("step=leg", "step=leg-key")
    began = time.perf_counter()
    told = {"CallSid": f"CB{_sid(caller)[2:]}", "CallStatus": "in-progress", "Digits": "1"}
    answer = _ask(rig, f"/webhooks/twilio/voice?{query}", {"From": caller, "To": NUMBER, **told})
    assert "<Conference" in answer, answer
    return _until(carrier.fetched, _sid(caller), began)


def _until(noted: Mapping[str, float], what: str, began: float) -> float:
    while what not in noted and time.perf_counter() < began + PATIENCE:
        time.sleep(0.005)
    return noted.get(what, began + PATIENCE) - began


def _ask(rig: Rig, path: str, form: dict[str, str]) -> str:
    form |= {"AccountSid": "AC" + "0" * 32}
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)}
    return requests.post(rig.url + path, data=form, headers=headers, timeout=PATIENCE).text


def _sid(caller: str) -> str:
    return f"CA{caller[1:]:0>32}"


@contextmanager
def _worker(rig: Rig, carrier: str, calls_per_second: int) -> Iterator[None]:
    own = {"TWILIO_BASE_URL": carrier, "CALLS_PER_SECOND": str(calls_per_second), "LOG_LEVEL": "WARNING"}
    with process([sys.executable, "-m", "service.worker"], {**os.environ, **environ(rig.database), **own}):
        time.sleep(5)  # until it has imported everything
        yield


@contextmanager
def _listening(carrier: Carrier) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, sid = carrier.take(urlsplit(self.path).path, form)
            answer = json.dumps({"sid": sid, "status": "queued"}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


if __name__ == "__main__":
    main()
