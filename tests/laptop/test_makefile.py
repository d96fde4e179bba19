"""When `make` installs, and that nothing of the person's environment leads to other modules."""

import os
import shutil
import subprocess
import sys

import pytest

from laptop.processes import ROOT


@pytest.fixture
def planned(tmp_path):
    """What `make demo` would do in a clone whose installation has this Python."""

    def planned(python, *settings):
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").symlink_to(python)
        for name in ("Makefile", "requirements-installer.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, tmp_path)
        (tmp_path / ".venv" / ".installed").touch()
        # as a person calls it, also where these tests were called by make
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        command = ["make", "-n", "demo", *settings]
        return subprocess.check_output(command, cwd=tmp_path, env=environ, text=True)  # noqa: S603

    return planned


def test_what_is_installed_is_not_installed_again(planned):
    assert planned(sys.executable).splitlines() == [".venv/bin/python -m demo straight"]


def test_an_installation_whose_python_is_gone_is_made_again(planned):
    assert "-m venv --clear .venv" in planned("/nonexistent/python3")


def test_a_machine_without_a_new_enough_python_is_told(planned):
    assert "Portline needs Python 3.11 or newer" in planned("/nonexistent/python3", "PYTHON=")
