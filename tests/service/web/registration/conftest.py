"""An installation in which each business registers itself."""

from dataclasses import replace

import pytest


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)
