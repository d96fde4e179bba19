"""The pages as an app: its manifest and icons, and the page shown without a network."""

import json
import re
from io import BytesIO

import pytest
from PIL import Image, ImageColor

from service.web.shell.installing import GREEN
from tests.service.web.shell.test_languages import TRANSLATED


def _picture(reader, icon):
    with reader.client.get(icon["src"], buffered=True) as answer:
        return Image.open(BytesIO(answer.data))


def test_the_manifest_names_icons_that_are_there_in_the_size_it_says(reader):
    manifest = reader.client.get("/manifest.webmanifest").json
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("Portline", "standalone", "/inbox/")
    for icon in manifest["icons"]:
        picture = _picture(reader, icon)
        assert (picture.get_format_mimetype(), f"{picture.width}x{picture.height}") == (icon["type"], icon["sizes"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_an_icon_is_our_mark_and_whole_where_the_system_cuts_its_corners(reader):
    with reader.client.get("/static/mark.svg", buffered=True) as mark:
        assert GREEN in mark.text
    green = (*ImageColor.getrgb(GREEN), 255)
    rounded, whole = (_picture(reader, icon) for icon in reader.client.get("/manifest.webmanifest").json["icons"])
    assert rounded.getpixel((0, 0))[3] == 0
    assert whole.getpixel((0, 0)) == rounded.getpixel((256, 450)) == green
    assert rounded.getpixel((368, 192)) == (255, 255, 255, 255), "on the arrow"


def test_the_worker_keeps_what_is_there_and_nothing_of_a_person(alice, reader):
    script = alice.client.get("/sw.js")
    assert script.mimetype == "text/javascript"
    kept = json.loads(re.search(r"KEPT = (.*);", script.text)[1])
    assert len(kept) == 4
    for path in kept:
        with reader.client.get(path, buffered=True) as answer:
            assert answer.status_code == 200, path
            assert b"alice" not in answer.data


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_page_without_a_network_is_in_the_language_of_its_address(reader, language):
    reader.open(f"/offline?language={language}")
    assert reader.page.html["lang"] == language
    assert reader.page.heading() != "You are offline"


def test_the_page_without_a_network_is_in_the_browsers_language_if_its_address_names_none(reader):
    assert reader.open("/offline?language=xx").heading() == "You are offline"
