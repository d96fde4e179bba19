"""An installation in which each business registers itself."""

from dataclasses import replace

import pytest

from service.config import RegisteredBy


@pytest.fixture
def settings(settings):
    return replace(settings, text_registration=RegisteredBy.BUSINESS)
