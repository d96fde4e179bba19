"""Files of npm packages: taken from the package that is known, or not at all."""

import tarfile
from base64 import b64encode
from hashlib import sha512
from io import BytesIO

import pytest

from provisioning import npm

NPM = """#!/bin/sh
cp {archive} fetched.tgz && echo fetched.tgz
"""


@pytest.fixture
def archive(tmp_path):
    """A package with one file."""
    script = tarfile.TarInfo("package/dist/one.js")
    script.size = 4
    with tarfile.open(tmp_path / "one.tgz", "w:gz") as package:
        package.addfile(script, BytesIO(b"one;"))
    return tmp_path / "one.tgz"


@pytest.fixture
def integrity(archive):
    return f"sha512-{b64encode(sha512(archive.read_bytes()).digest()).decode()}"


@pytest.fixture
def npm_does(tmp_path, monkeypatch):
    """Put an `npm` on the path that does this; without a script there is none."""

    def do(script=""):
        if script:
            (tmp_path / "npm").write_text(script)
            (tmp_path / "npm").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin" if script else str(tmp_path))

    return do


def fetched(tmp_path, integrity, *names):
    files = {name: tmp_path / "cache" / name.rpartition("/")[2] for name in names}
    return npm.fetch("one@1.0.0", integrity, files, without="no ones")


def test_the_files_of_the_known_package_are_written(tmp_path, archive, integrity, npm_does):
    npm_does(NPM.format(archive=archive))
    assert fetched(tmp_path, integrity, "dist/one.js") == 0
    assert (tmp_path / "cache" / "one.js").read_bytes() == b"one;"


def test_another_package_than_the_known_one_is_not_used(tmp_path, archive, npm_does, capsys):
    npm_does(NPM.format(archive=archive))
    assert fetched(tmp_path, "sha512-another", "dist/one.js") == 1
    assert "and not sha512-another: no ones." in capsys.readouterr().err
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("script", "trouble"), [("", "npm is not installed"), ("#!/bin/sh\necho away >&2; exit 1\n", "npm failed")]
)
def test_what_npm_cannot_fetch_is_said_with_what_follows(tmp_path, integrity, npm_does, capsys, script, trouble):
    npm_does(script)
    assert fetched(tmp_path, integrity, "dist/one.js") == 1
    assert capsys.readouterr().err == f"one@1.0.0 was not fetched, because {trouble}: no ones.\n"


def test_a_package_without_one_of_the_files_leaves_none(tmp_path, archive, integrity, npm_does):
    npm_does(NPM.format(archive=archive))
    with pytest.raises(KeyError):
        fetched(tmp_path, integrity, "dist/one.js", "dist/two.js")
    assert not (tmp_path / "cache").exists()
