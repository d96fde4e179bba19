"""The settings with which the harnesses run a deployment are such as the service takes."""

import os

import pytest

from reliability.rig import settings
from service.config import Settings


@pytest.mark.parametrize("changes", [{}, {"REHEARSAL_CLOCK": ""}], ids=["in a rehearsal", "in earnest"])
def test_the_service_takes_the_settings_of_a_harness(tmp_path, monkeypatch, database, changes):
    for name, value in settings(tmp_path, database, changes).items():
        monkeypatch.setenv(name, value)
    if changes:
        monkeypatch.delenv("REHEARSAL_CLOCK", raising=False)
    assert Settings.from_env().database_url == os.environ["DATABASE_URL"]
