"""The sandbox as a process of its own, on the loopback."""

import os
import socket
import subprocess
import sys
import time

import pytest
import requests

from sandbox.exchange import registered_service

ACCOUNT = ("AC000000000000000000000000000000aa", "rehearsal-auth-token")


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture
def serve(tmp_path):
    processes = []

    def start():
        port = free_port()
        settings = {
            "SANDBOX_PORT": str(port),
            "SANDBOX_SMTP_PORT": str(free_port()),
            "SANDBOX_STATE": str(tmp_path / "world"),
            "REHEARSAL_CLOCK": str(tmp_path / "clock.json"),
        }
        command = [sys.executable, "-m", "sandbox"]
        process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
        processes.append(process)
        assert "/console" in process.stdout.readline()
        return process, f"http://127.0.0.1:{port}"

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def test_it_serves_moves_by_itself_and_remembers_across_a_restart(serve):
    process, base = serve()
    api = f"{base}/api.twilio.com/2010-04-01/Accounts/{ACCOUNT[0]}"
    form = {"AreaCode": "415"}
    number = requests.post(f"{api}/IncomingPhoneNumbers.json", form, auth=ACCOUNT, timeout=30).json()
    pool = f"{base}/messaging.twilio.com/v1/Services/{registered_service(ACCOUNT[0])}/PhoneNumbers"
    requests.post(pool, {"PhoneNumberSid": number["sid"]}, auth=ACCOUNT, timeout=30).raise_for_status()
    sent = {"From": number["phone_number"], "To": "+12125550123", "Body": "Hello"}
    requests.post(f"{api}/Messages.json", sent, auth=ACCOUNT, timeout=30).raise_for_status()
    requests.post(f"{base}/_control/clock", json={"jump": 10}, timeout=30).raise_for_status()
    texts, patience = [], time.monotonic() + 30
    while not texts and time.monotonic() < patience:
        texts = requests.get(f"{base}/_control/phones/+12125550123/texts", timeout=30).json()
        time.sleep(0.05)
    assert [text["body"] for text in texts] == ["Hello"]
    process.terminate()
    process.wait(timeout=30)
    _, again = serve()
    assert requests.get(f"{again}/_control/phones/+12125550123/texts", timeout=30).json() == texts


def test_a_lost_answer_is_a_dropped_connection(serve):
    _, base = serve()
    requests.post(f"{base}/_control/faults", json={"kind": "lose-after"}, timeout=30).raise_for_status()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{base}/lookups.twilio.com/v2/PhoneNumbers/+14155552671", auth=ACCOUNT, timeout=30)
