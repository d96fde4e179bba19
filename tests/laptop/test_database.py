"""A database here: in any folder, for any user, in any environment; and a sentence where there can be none."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from laptop import database, postgres
from laptop.errors import CannotStart
from laptop.stop_database import stop_below

# runs the database in a folder until it is killed
HOLDER = """
import sys, time
from pathlib import Path
from laptop import database
with database.running(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def data():
    """The data of a database that has stopped, made once and copied by each test."""
    with tempfile.TemporaryDirectory() as folder:
        with database.serving(Path(folder) / "database"):
            pass
        yield Path(folder) / "database"


@pytest.fixture
def copied(data):
    def copied(folder):
        subprocess.check_call(["cp", "-a", data, folder])  # noqa: S603, S607 -- keeps the owner
        return folder

    return copied


def asked(url, query="SELECT 1"):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


@pytest.mark.parametrize("name", ["with a space", "på svenska", "c#", "100%", "it's", 'so-"called"', "this, and that"])
def test_it_runs_in_a_folder_of_any_name(tmp_path, copied, name):
    (tmp_path / name).mkdir()
    with database.running(copied(tmp_path / name / "database")) as url:
        assert asked(url, "SHOW data_directory") == str(tmp_path / name / "database")


def test_a_path_too_long_for_a_socket_has_it_in_the_temporary_folder(tmp_path, copied):
    deep = tmp_path.joinpath(*["a folder in a folder"] * 6)
    deep.mkdir(parents=True)
    with database.running(copied(deep / "database")) as url:
        sockets = Path(asked(url, "SHOW unix_socket_directories").strip('"'))
        assert sockets.parent == Path(tempfile.gettempdir())
        assert sockets.stat().st_mode & 0o077 == 0, "others could open it"
    assert not sockets.exists()


def test_a_path_too_long_with_no_other_folder_is_told(tmp_path, copied, monkeypatch):
    deep = tmp_path.joinpath(*["a folder in a folder"] * 6)
    deep.mkdir(parents=True)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(CannotStart, match="too long for a socket"), database.running(deep / "database"):
        pass


@pytest.mark.parametrize(
    "environ",
    [
        {"PGHOST": "db.invalid", "PGPORT": "99", "PGHOSTADDR": "192.0.2.1", "PGUSER": "alice", "PGDATABASE": "shop"},
        {"PGSERVICE": "shop"},
        {"PGOPTIONS": "-c nothing_of_this_name=1"},
        {"XDG_RUNTIME_DIR": "/run/user/of-somebody-else"},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_settings_for_another_server_do_not_matter(tmp_path, copied, monkeypatch, environ):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with database.running(copied(tmp_path / "database")) as url:
        assert asked(url) == 1


@pytest.mark.parametrize("name", ["LC_ALL", "LC_CTYPE"])
def test_it_is_made_in_any_language_and_zone_and_knows_the_same_letters(tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "UTF-8" if name == "LC_CTYPE" else "xx_YY.UTF-8")
    monkeypatch.setenv("TZ", "Nowhere/At_all")
    monkeypatch.setenv("TMPDIR", "/nonexistent")
    with database.running(tmp_path / "database") as url:
        assert asked(url, "SELECT lower('ÅSA')") == "åsa"


def test_nothing_is_kept_where_other_users_keep_theirs(tmp_path, copied, monkeypatch):
    """A file with a fixed name in the common temporary folder is another user's the second time."""
    (tmp_path / "common").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "common"))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with database.running(copied(tmp_path / "database")) as url:
        assert asked(url) == 1
        assert list((tmp_path / "common").iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", None)


def test_two_at_once_in_one_folder_are_one_too_many(tmp_path, copied):
    folder = copied(tmp_path / "database")
    with subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE, text=True) as first:  # noqa: S603
        assert asked(first.stdout.readline().strip()) == 1
        with pytest.raises(CannotStart, match="is in use"), database.running(folder):
            pass
        first.kill()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_the_process_that_runs_it_and_can_be_started_at_once(tmp_path, copied, by):
    folder = copied(tmp_path / "database")
    with subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE, text=True) as first:  # noqa: S603
        assert asked(first.stdout.readline().strip()) == 1
        first.send_signal(by)
    with database.running(folder) as url:
        assert asked(url) == 1
    assert not (folder / "postmaster.pid").exists()


def test_a_note_of_a_server_that_is_gone_is_forgotten_even_if_its_number_is_taken(tmp_path, copied):
    folder = copied(tmp_path / "database")
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n1\n5432\n{folder}\n\n  1  1\nready   \n")
    with database.running(folder) as url:
        assert asked(url) == 1


def test_every_server_below_a_folder_can_be_stopped(tmp_path, copied):
    with database.serving(copied(tmp_path / "database")) as server:
        stop_below(tmp_path)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url)


def test_data_that_could_not_be_made_is_told_in_a_sentence_and_nothing_is_left(tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "initdb").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'initdb (PostgreSQL) 18.4' && exit\n"
        "echo creating subdirectories ...\necho 'initdb: error: could not write: No space left on device' >&2\nexit 1\n"
    )
    (programs / "initdb").chmod(0o755)
    monkeypatch.setattr(postgres, "programs", lambda: programs)
    with (
        pytest.raises(CannotStart, match=r"could not be made: .*No space left"),
        database.running(tmp_path / "database"),
    ):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"programs", "database.lock"}


def test_data_of_another_version_is_told_with_the_servers_own_words(tmp_path, copied):
    folder = copied(tmp_path / "database")
    (folder / "PG_VERSION").write_text("11\n")
    with pytest.raises(CannotStart, match=r"did not start: .*incompatible with server"), database.running(folder):
        pass


def test_a_machine_without_postgresql_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    monkeypatch.setattr(postgres, "_SYSTEM_PROGRAMS", ())
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CannotStart, match="install it"), database.running(tmp_path / "database"):
        pass


def test_the_machines_own_postgresql_is_used_where_no_wheel_is(tmp_path, monkeypatch):
    own = postgres.programs()
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", f"{own}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(postgres, "_SYSTEM_PROGRAMS", ())
    assert postgres.programs().resolve() == own.resolve()


def test_a_database_of_something_else_is_left_alone(tmp_path, copied):
    with database.running(copied(tmp_path / "database")) as url:
        database.must_be_ours(url)
        database.must_be_empty(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE orders ()")
        with pytest.raises(CannotStart, match="not Portline's"):
            database.must_be_ours(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE alembic_version ()")
        database.must_be_ours(url)
        with pytest.raises(CannotStart, match="with tables"):
            database.must_be_empty(url)


@pytest.mark.parametrize(
    "url", ["postgresql://alice:sesame@127.0.0.1:1/shop", "postgresql://alice:se%same@h/shop", "mysql://alice:sesame@h"]
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(url):
    with pytest.raises(CannotStart, match="cannot be used") as refused:
        database.must_be_ours(url)
    assert "same" not in str(refused.value)
