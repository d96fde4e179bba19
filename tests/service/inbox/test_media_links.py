"""The addresses at which a carrier fetches our pictures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.errors import NotFound
from service.inbox.media_links import GOOD_FOR, followed, link_to
from service.inbox.models import Picture

PICTURE = Picture(media="0" * 32, media_type="image/png")


@pytest.fixture
def token(settings, clock):
    return link_to(settings, PICTURE).removeprefix(f"{settings.public_base_url}/media/")


def test_an_address_leads_to_its_picture_for_a_day(settings, token, clock):
    linked = followed(settings, token)
    assert (linked.media, linked.media_type) == (PICTURE.media, PICTURE.media_type)
    clock.jump(GOOD_FOR + timedelta(seconds=1))
    with pytest.raises(NotFound):
        followed(settings, token)


def test_an_address_that_we_did_not_make_leads_nowhere(settings, token):
    other = replace(settings, secret_keys=("y" * 40,))
    for made_up in (token[:-1], "x", token.swapcase(), link_to(other, PICTURE).rpartition("/")[2]):
        with pytest.raises(NotFound):
            followed(settings, made_up)
