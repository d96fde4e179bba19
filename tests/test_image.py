"""The image migrates an empty database, says what is wrong, and serves pages, as the user it runs as."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import requests
from sqlalchemy import make_url

from benchmarks.rig import free_port, wait_for
from service.schema import needed
from tests.conftest import CARRIER_SETTINGS, SEALING_KEY

IMAGE = os.environ.get("PORTLINE_IMAGE", "")
SOCKET = ".s.PGSQL.5432"
PATIENCE = 120

pytestmark = [
    pytest.mark.skipif(not IMAGE, reason="PORTLINE_IMAGE names no image: `make image` builds one and runs this"),
    pytest.mark.skipif(not shutil.which("buildah"), reason="there is no buildah here (Debian: apt install buildah)"),
]


def buildah(*words):
    done = subprocess.run(("buildah", *words), check=True, capture_output=True, text=True)  # noqa: S603, S607 -- ours
    return done.stdout.strip()


@pytest.fixture
def database(server):
    name = f"image_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def portline(database):
    """Starts a command in a container of the image, which reaches the database by its socket alone."""
    container = buildah("from", IMAGE)
    socket = Path(database.query["host"], SOCKET)
    settings = {
        **CARRIER_SETTINGS,
        "DATABASE_URL": database.update_query_dict({"host": "/run/postgresql"}).render_as_string(hide_password=False),
        "PUBLIC_BASE_URL": "http://localhost",
        "SECRET_KEY": "x" * 40,
        "SEALING_KEYS": SEALING_KEY,
        "MEDIA_URL": "file:/var/lib/portline/media",
        "CARRIERS": "twilio",
    }
    given = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
    mounted = ("--volume", f"{socket}:/run/postgresql/{SOCKET}")

    def portline(*words, entry="portline"):
        command = ("buildah", "run", "--isolation", "chroot", *mounted, *given, container, "--", entry, *words)
        return subprocess.Popen(  # noqa: S603 -- ours
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    yield portline
    buildah("rm", container)


def said(process):
    with process:
        return process.communicate(timeout=PATIENCE)[0]


HAS_BROWSER_PHONES = "from provisioning.carriers.twilio import voice_sdk; print(voice_sdk.script() is not None)"


def test_the_image_makes_its_tables_tells_what_is_wrong_and_serves_pages(portline):
    assert re.match(r"uid=[1-9]\d*\(portline\)", said(portline(entry="id")))
    assert said(portline("-c", HAS_BROWSER_PHONES, entry="python")) == "True\n"
    assert "run `portline migrate`" in said(portline("doctor"))
    assert f"The tables are those of migration {needed()}." in said(portline("migrate"))
    assert "The tables are those of this version." in said(portline("doctor"))
    port = free_port()
    with portline("web", "--bind", f"127.0.0.1:{port}") as serving:
        try:
            wait_for(port)
            ready, front = (asked(port, path) for path in ("/readyz", "/"))
        finally:
            os.killpg(serving.pid, signal.SIGTERM)
            serving.communicate(timeout=PATIENCE)
    assert ready == "ready\n"
    assert '<html lang="sv"' in front


def asked(port, path):
    answer = requests.get(f"http://127.0.0.1:{port}{path}", headers={"Accept-Language": "sv"}, timeout=PATIENCE)
    answer.raise_for_status()
    return answer.text
