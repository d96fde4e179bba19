"""The letter of an invitation, in every language."""

from pathlib import Path

import pytest

import service.accounts
from service.language import Language

TEMPLATES = Path(service.accounts.__file__).parent / "templates"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_an_invitation_can_be_written_in_every_language(language, part):
    assert (TEMPLATES / "invitation" / language / part).is_file()
