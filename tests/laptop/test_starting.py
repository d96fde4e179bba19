"""Where the programs cannot run they say why in one sentence, without a traceback."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from demo.stage import standing
from laptop import processes, rehearsal
from laptop.errors import CannotStart

HOLDER = """
import sys, time
from pathlib import Path
from laptop.watchdog import guarding
with guarding(Path(sys.argv[1])):
    print(flush=True)
    time.sleep(60)
"""


def told(ended):
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    return line


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def ports():
    return {name: free_port() for name in ("PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT", "LIVE_PORT")}


@pytest.mark.parametrize("setting", ["PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT", "LIVE_PORT"])
def test_a_port_in_use_is_named_with_the_way_to_another(start, tmp_path, ports, setting):
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        taken = listening.getsockname()[1]
        sentence = told(start("laptop", tmp_path / "run", **{**ports, setting: str(taken)}))
    assert f"Port {taken} is taken" in sentence
    assert f"make run {setting}={taken + 100}" in sentence


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "８０００x"])
def test_what_is_no_port_is_told(start, tmp_path, ports, port):
    assert f"PORT={port} is no port" in told(start("laptop", tmp_path / "run", **{**ports, "PORT": port}))


def test_a_desk_without_anything_that_runs_is_told(start, tmp_path, ports):
    sentence = told(start("laptop.porting_desk", "desk@example.com", tmp_path / "run", **ports))
    assert sentence == "Nothing runs here: start it with `make run` first."


def test_a_folder_that_cannot_be_written_is_told(start, tmp_path, ports):
    (tmp_path / "var").write_text("a file")
    assert "cannot be used: Not a directory" in told(start("laptop", tmp_path / "var" / "run", **ports))


def test_a_demo_in_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "var").write_text("a file")
    with pytest.raises(CannotStart, match="var cannot be used"), standing(tmp_path / "var" / "straight", {}):
        pass


def test_two_demos_at_once_in_one_folder_are_one_too_many(tmp_path):
    lock = tmp_path / "straight.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE) as first:  # noqa: S603 -- our own
        first.stdout.readline()
        with pytest.raises(CannotStart, match="in use"), standing(tmp_path / "straight", {}):
            pass
        first.kill()


def test_an_interrupted_start_leaves_no_traceback(tmp_path, ports):
    """Ctrl-C reaches the process that a person has started; those below end with it."""
    command = [sys.executable, "-m", "laptop", tmp_path / "run"]
    environ = {**{name: value for name, value in os.environ.items() if "DATABASE" not in name}, **ports}
    # what a shell runs in its background ignores Ctrl-C, and so would all that it starts
    hearing = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:  # noqa: S603
        signal.signal(signal.SIGINT, hearing)
        assert "Starting" in started.stdout.readline()
        while not (tmp_path / "run" / "database.lock").exists():
            time.sleep(0.05)
        started.send_signal(signal.SIGINT)
        try:
            complaint = started.communicate(timeout=60)[1]
        finally:
            started.kill()  # one that goes on would be waited for without end
    assert started.returncode == 130
    assert "Traceback" not in complaint


def test_a_database_url_that_does_not_answer_is_told(start, tmp_path, ports):
    url = f"postgresql://alice:sesame@127.0.0.1:{free_port()}/shop"
    sentence = told(start("laptop", tmp_path / "run", DATABASE_URL=url, **ports))
    assert "DATABASE_URL names cannot be used" in sentence
    assert "sesame" not in sentence


def test_a_demo_on_a_database_with_tables_is_refused_before_anything_starts(start, engine):
    ended = start("demo", DATABASE_URL=engine.url.render_as_string(hide_password=False))
    assert ended.returncode == 1
    assert "DATABASE_URL names a database with tables" in ended.stderr.splitlines()[-1]


def test_calls_to_this_machine_go_past_a_proxy(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "intranet.example")
    environ = rehearsal.environ(tmp_path, "postgresql://", rehearsal.Ports())
    for name in ("NO_PROXY", "no_proxy"):
        assert environ[name].split(",") == ["intranet.example", "127.0.0.1", "localhost"]


def test_commands_run_from_a_folder_with_a_space():
    """A script of the virtual environment names its own path in its first line; a module is found anywhere."""
    assert all(command.startswith("python -m ") for command in processes.commands().values())


def test_the_sandbox_is_started_by_a_python_in_a_folder_with_a_space(monkeypatch):
    assert processes.SANDBOX.split()[-2:] == ["-m", "sandbox"]


def test_the_release_that_fails_is_told(tmp_path):
    with pytest.raises(CannotStart, match="alembic upgrade head” failed"):
        processes.run_once("release", {"PATH": os.environ["PATH"], "DATABASE_URL": ""})
