"""When a process is killed, everything it started ends too."""

import signal
import subprocess
import sys

import pytest

# holds the lock, and starts a command in a group of its own, as all our processes are started
HOLDER = """
import subprocess, sys, time
from pathlib import Path
from laptop import watchdog
with watchdog.guarding(Path(sys.argv[1])):
    watched = [sys.executable, "-m", "laptop.watchdog", "sh", "-c", sys.argv[2]]
    subprocess.Popen(watched, start_new_session=True)
    time.sleep(30)
"""


@pytest.fixture
def start(tmp_path):
    holders = []

    def start(command):
        arguments = [sys.executable, "-c", HOLDER, str(tmp_path / "running"), command]
        holders.append(subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True))  # noqa: S603 -- our own module
        return holders[-1]

    yield start
    for holder in holders:
        holder.kill()
        holder.communicate()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_started_ends_with_a_process_that_is_killed(start, by):
    holder = start("echo begun; sleep 30; echo ended")
    assert holder.stdout.readline() == "begun\n"
    holder.send_signal(by)
    # no process is left that could write there
    assert holder.communicate(timeout=10)[0] == ""


def test_a_command_is_asked_to_stop_before_it_is_killed(start):
    holder = start("trap 'echo tidied; exit' TERM; echo begun; while :; do sleep 0.1; done")
    assert holder.stdout.readline() == "begun\n"
    holder.kill()
    assert holder.communicate(timeout=10)[0] == "tidied\n"
