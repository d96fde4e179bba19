"""Pictures are known by their content, and kept with a small version of themselves."""

from io import BytesIO

import pytest
from PIL import Image

from service.inbox.pictures import LARGEST_PICTURE, MOST_PIXELS, keep, media_type, thumbnail
from service.media import media_at


def drawn(kind, size=(4, 4), **more):
    file = BytesIO()
    Image.new("RGB", size).save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_known_by_its_content(kind):
    assert media_type(drawn(kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg/>", b"<html>", drawn("BMP"), drawn("PNG")[:40], drawn("PNG") + b"x" * LARGEST_PICTURE],
)
def test_what_is_not_a_whole_picture_of_a_known_kind_is_none(content):
    assert media_type(content) == ""


def test_a_small_file_that_would_fill_the_memory_is_none():
    assert media_type(drawn("PNG", (10_000, MOST_PIXELS // 10_000 + 1))) == ""


def test_a_thumbnail_is_small_and_stands_the_right_way_up():
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    with Image.open(BytesIO(thumbnail(drawn("JPEG", (2000, 1000), exif=turned)))) as small:
        assert small.size == (320, 640)
        assert not small.getexif()


def test_what_is_no_picture_is_not_kept(tmp_path):
    assert keep(media_at(f"file:{tmp_path}"), drawn("JPEG", (900, 900))[:-400]) is None
    assert not list(tmp_path.iterdir())


def test_a_picture_is_kept_as_it_came_beside_its_thumbnail(tmp_path):
    media, content = media_at(f"file:{tmp_path}"), drawn("PNG")
    kept = keep(media, content)
    assert (kept.media_type, media.get(kept.media)) == ("image/png", content)
    assert media_type(media.get(kept.thumbnail)) == "image/webp"
