"""The package, the image and the units: what they start is there, and the package works without a checkout."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from configparser import ConfigParser, RawConfigParser
from pathlib import Path
from subprocess import PIPE
from uuid import uuid4

import psycopg
import pytest
import requests
import yaml
from sqlalchemy import make_url

from benchmarks.rig import free_port, wait_for
from laptop.rehearsal import past_proxies
from service.__main__ import main
from service.schema import needed
from tests.conftest import CARRIER_SETTINGS, SEALING_KEY
from tests.test_house_rules import kept_files

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PROCESSES = {"web", "callbacks", "worker", "clock", "live"}
PATIENCE = 60


def procfile():
    return {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}


def test_every_process_of_the_procfile_is_a_command():
    assert procfile() == PROCESSES | {"release"}
    assert {*PROCESSES, "migrate", "new-sealing-key", "new-vapid-key"} == set(main.commands)


def test_the_compose_file_starts_the_processes_of_the_procfile_once_the_tables_are_there():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    commands = {name: service["command"][0] for name, service in services.items() if name != "database"}
    assert commands == {"release": "migrate"} | {name: name for name in PROCESSES}
    waiting = {name for name in PROCESSES if "release" in services[name]["depends_on"]}
    assert waiting == PROCESSES


def unit(name):
    read = RawConfigParser(strict=False)
    read.optionxform = str
    read.read(DEPLOY / "systemd" / name)
    return read


def test_the_units_start_the_processes_of_the_procfile_once_the_tables_are_there():
    wanted = unit("portline.target")["Unit"]["Wants"].split()
    assert wanted == [f"portline@{name}.service" for name in ("web", "callbacks", "worker", "clock", "live")]
    process, release = unit("portline@.service"), unit("portline-release.service")
    assert process["Service"]["ExecStart"] == "/opt/portline/bin/portline %i"
    assert process["Unit"]["Requires"] == process["Unit"]["After"] == "portline-release.service"
    assert release["Service"]["ExecStart"].split()[1] in main.commands


def test_the_image_is_built_of_all_that_the_package_is_made_of():
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in shlex.split(line)[1:-1]}
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    packages = {name.removesuffix("*") for name in setup["options.packages.find"]["include"].split()}
    modules = {f"{name}.py" for name in setup["options"]["py_modules"].split()}
    assert packages | modules | {"setup.cfg", "setup.py", "pyproject.toml", "requirements.txt"} <= copied
    assert all((ROOT / name).exists() for name in copied if not name.startswith(("--", "/")))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the package is installed into, without the libraries that it shares with the tests."""
    source, wheels, target = (tmp_path_factory.mktemp(name) for name in ("source", "wheels", "installed"))
    for path in kept_files():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    away = ("--no-index", "--no-deps")
    run(*pip, "wheel", *away, "--no-build-isolation", "--wheel-dir", wheels, source)
    run(*pip, "install", *away, "--target", target, *wheels.iterdir())
    return target


def run(*command):
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- our own


@pytest.fixture
def settings(installed, server, tmp_path):
    name = f"deployed_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {
            **past_proxies(os.environ),
            **CARRIER_SETTINGS,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(installed),
            "DATABASE_URL": make_url(server).set(database=name).render_as_string(hide_password=False),
            "PUBLIC_BASE_URL": "http://localhost",
            "SECRET_KEY": "x" * 40,
            "SEALING_KEYS": SEALING_KEY,
            "MEDIA_URL": f"file:{tmp_path}/media",
            "CARRIERS": "twilio",
        }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


OF_OPERATORS = {"doctor", "audit", "restored", "set-up-carrier", "parked", "porting-desk", "move-texts", "seal-again"}


def test_the_installed_package_makes_its_tables_serves_its_pages_and_knows_every_command(installed, settings, tmp_path):
    def portline(*words):
        command = (installed / "bin" / "portline", *words)
        return subprocess.Popen(command, env=settings, cwd=tmp_path, stdout=PIPE)  # noqa: S603 -- our own

    with portline("migrate") as migrating:
        assert f"The tables are those of migration {needed()}." in migrating.communicate(timeout=PATIENCE)[0].decode()
    with portline("--help") as helping:
        listed = re.findall(r"^  ([a-z-]+)  ", helping.communicate(timeout=PATIENCE)[0].decode(), re.MULTILINE)
    assert set(listed) >= PROCESSES | OF_OPERATORS
    port = free_port()
    with portline("web", "--bind", f"127.0.0.1:{port}", "--workers", "1") as serving:
        wait_for(port)
        assert asked(port, "/readyz") == "ready\n"
        assert '<html lang="sv"' in (front := asked(port, "/"))
        assert "nummer" in front
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(PATIENCE) == 0


def asked(port, path):
    answer = requests.get(f"http://127.0.0.1:{port}{path}", headers={"Accept-Language": "sv"}, timeout=PATIENCE)
    answer.raise_for_status()
    return answer.text
