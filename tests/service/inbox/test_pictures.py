"""Pictures are recognized by their content, stripped of metadata, and stored with a thumbnail."""

import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps
from PIL.PngImagePlugin import PngInfo

from provisioning.contract.messaging import MediaLimits
from service import bounded
from service.errors import Invalid
from service.inbox.pictures import (
    LARGEST_PICTURE,
    MOST_PIXELS,
    fitted,
    keep,
    keep_fitted,
    media_type,
    thumbnail,
)
from service.media import media_at

# Pillow warns of odd files as well, which may stand in a server's log
odd = pytest.mark.filterwarnings("ignore::UserWarning")

LIMITS = MediaLimits(pictures=10, total_bytes=5_000_000)


def sent_as(contents, limits=LIMITS):
    """The pictures as they leave."""
    return [picture.content for picture in fitted(contents, limits)]


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


PLACE = b"59.3293N-18.0686E"
"""Metadata of a camera, as bytes that can be searched for in any file."""


def a_place():
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif[0x8825] = {1: "N", 2: (59.0, 19.0, 45.0), 3: "E", 4: (18.0, 4.0, 7.0)}
    return exif


def chunk(kind, data):
    return len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)


def noted_png(**more):
    """A PNG with a location in every chunk that can hold metadata, and more bytes after its end."""
    texts = PngInfo()
    texts.add_text("Comment", PLACE.decode(), zip=False)
    texts.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    made = drawn("PNG", exif=a_place(), pnginfo=texts, **more)
    return made[:33] + chunk(b"tEXt", b"Raw profile type iptc\0" + PLACE) + made[33:] + PLACE


def noted_gif():
    frames = [Image.new("P", (4, 4), shade) for shade in (1, 2, 3)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], loop=0, duration=90, comment=PLACE)
    made = file.getvalue()
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(PLACE)]) + PLACE + b"\0"
    return made[:-1] + xmp + b"\x3b" + PLACE


def noted_jpeg():
    made = drawn("JPEG", (60, 40), exif=a_place(), comment=PLACE, xmp=PLACE)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(PLACE).to_bytes(4) + PLACE
    return made[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2) + iptc + made[2:]


def noted_webp():
    return drawn("WEBP", (60, 40), exif=a_place(), xmp=PLACE)


NOTED = {"jpeg": noted_jpeg, "png": noted_png, "gif": noted_gif, "webp": noted_webp}


@pytest.mark.parametrize("made", NOTED.values(), ids=NOTED)
def test_where_a_picture_was_taken_stays_at_home_in_every_format(made, tmp_path):
    assert PLACE in made()
    [sent] = sent_as([made()])
    kept = keep(media_at(f"file:{tmp_path}"), sent)
    with Image.open(BytesIO(sent)) as image:
        image.load()
        assert not image.getexif()
    for shown in (sent, thumbnail(made())):
        assert PLACE not in shown
        assert PLACE not in unpacked(shown)
    assert kept.media_type in {"image/jpeg", "image/png", "image/gif"}


def unpacked(content):
    """The compressed texts of a PNG, decompressed."""
    found = b""
    for start in [at for at in range(len(content)) if content[at : at + 1] == b"\x78"]:
        with suppress(zlib.error):
            found += zlib.decompressobj().decompress(content[start:])
    return found


def an_animated(kind):
    frames = [Image.new("RGB", (8, 8), shade) for shade in ("red", "green", "blue")]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], loop=0, duration=[90, 120, 150])
    return file.getvalue()


def frames_of(content):
    with Image.open(BytesIO(content)) as image:
        found = []
        for number in range(image.n_frames):
            image.seek(number)
            found.append((image.convert("RGBA").tobytes(), image.info.get("duration")))
        return found, image.info.get("loop")


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_a_film_keeps_its_frames_and_their_times(kind):
    film = an_animated(kind)
    [sent] = sent_as([film])
    assert frames_of(sent) == frames_of(film)
    assert len(frames_of(sent)[0]) == 3


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "PNG"])
def test_a_film_that_would_arrive_as_a_still_picture_is_refused(kind):
    small = replace(LIMITS, total_bytes=100)  # a GIF or PNG goes out as it is wherever it fits
    with pytest.raises(Invalid) as refusal:
        fitted([an_animated(kind)], LIMITS if kind == "WEBP" else small)
    [sentence] = refusal.value.fields["pictures"]
    assert sentence.startswith("One of these moves")


@pytest.mark.parametrize(("mode", "color"), [("1", 255), ("L", 9), ("LA", (9, 9)), ("P", 1), ("RGBA", (1, 2, 3, 4))])
def test_a_png_of_any_colors_goes_out_pixel_by_pixel(mode, color):
    file = BytesIO()
    Image.new(mode, (9, 9), color).save(file, "PNG")
    [sent] = sent_as([file.getvalue()])
    with Image.open(BytesIO(sent)) as image:
        assert (image.mode, image.getpixel((3, 3))) == (mode, color)
    assert thumbnail(sent)


def test_a_picture_of_sixteen_bits_is_no_white_field():
    file = BytesIO()
    Image.new("I;16", (9, 9), 40_000).save(file, "PNG")
    [sent] = sent_as([file.getvalue()])
    with Image.open(BytesIO(thumbnail(sent))) as small:
        assert small.convert("L").getpixel((4, 4)) == pytest.approx(156, abs=3)


def test_a_picture_for_print_is_shown_in_its_colors():
    file = BytesIO()
    Image.new("CMYK", (60, 40), (0, 255, 255, 0)).save(file, "JPEG")
    [sent] = sent_as([file.getvalue()])
    with Image.open(BytesIO(sent)) as image:
        assert image.convert("RGB").getpixel((9, 9)) == pytest.approx((254, 0, 0), abs=3)


def a_double():
    """Two pictures in one file, as many phones write a photograph."""
    file = BytesIO()
    one, other = (Image.new("RGB", (60, 40), shade) for shade in ("red", "blue"))
    one.save(file, "MPO", save_all=True, append_images=[other])
    return file.getvalue()


def test_a_photograph_with_a_second_one_behind_it_is_a_jpeg(tmp_path):
    kept = keep(media_at(f"file:{tmp_path}"), a_double())
    assert kept.media_type == "image/jpeg"
    [sent] = sent_as([a_double()])
    with Image.open(BytesIO(sent)) as image:
        assert (image.format, image.getpixel((9, 9))) == ("JPEG", pytest.approx((254, 0, 0), abs=3))


def turned_oddly(entry_type, value=b"\x06\x00\x00\x00", count=1):
    """A photograph whose EXIF orientation has the wrong type, as a broken program writes it."""
    tiff = b"II*\0\x08\0\0\0\x02\0"
    tiff += b"\x12\x01" + entry_type.to_bytes(2, "little") + count.to_bytes(4, "little") + value
    tiff += b"\x04\x92\x0a\0\x01\0\0\0\x32\0\0\0" + b"\0\0\0\0" + b"\xff\xff\xff\xff\0\0\0\0" * 2
    note = b"Exif\0\0" + tiff
    made = drawn("JPEG", (60, 40))
    return made[:2] + b"\xff\xe1" + (len(note) + 2).to_bytes(2) + note + made[2:]


@odd
@pytest.mark.parametrize("entry_type", [*range(14), 129, 65_535])
@pytest.mark.parametrize("value", [b"\x06\0\0\0", b"\xff\xff\xff\xff", b"\x1a\0\0\0"])
@pytest.mark.parametrize("count", [0, 1, 2, 4_000_000_000])
def test_odd_notes_of_a_camera_lose_no_picture(entry_type, value, count):
    photo = turned_oddly(entry_type, value, count)
    assert thumbnail(photo)
    assert sent_as([photo])


@pytest.mark.parametrize("held", range(1, 9))
def test_a_photograph_stands_upright_however_it_was_held(held):
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = held
    photo = Image.new("RGB", (80, 80))
    for corner, shade in {(0, 0): "red", (40, 0): "lime", (40, 40): "blue", (0, 40): "white"}.items():
        photo.paste(shade, (*corner, corner[0] + 40, corner[1] + 40))
    photo.save(file, "JPEG", exif=exif)
    [sent] = sent_as([file.getvalue()])
    with Image.open(BytesIO(sent)) as image, Image.open(BytesIO(file.getvalue())) as as_taken:
        expected = ImageOps.exif_transpose(as_taken)
        assert image.size == expected.size
        for point in ((20, 20), (60, 20), (60, 60), (20, 60)):
            assert image.getpixel(point) == pytest.approx(expected.getpixel(point), abs=8)


@odd
@pytest.mark.parametrize("made", [*NOTED.values(), a_double], ids=[*NOTED, "mpo"])
def test_a_picture_cut_off_anywhere_is_told_of_or_whole(made, tmp_path):
    whole = made().removesuffix(PLACE)
    for end in {*range(0, len(whole), 37), len(whole)}:
        media = media_at(f"file:{tmp_path}/{end}")
        try:
            sent = sent_as([whole[:end]])
        except Invalid:
            assert end < len(whole)
            continue
        assert all(keep(media, one) for one in sent)


def test_a_damaged_picture_is_named_as_such():
    noise = BytesIO()
    Image.effect_noise((900, 900), 60).save(noise, "JPEG")
    with pytest.raises(Invalid) as refusal:
        fitted([noise.getvalue()[:-4000]], LIMITS)
    assert refusal.value.fields == {
        "pictures": ["We can’t read one of these pictures. Save it again and choose the copy."]
    }


@odd
@given(at=st.integers(0, 900), bytes_=st.binary(min_size=1, max_size=8), kind=st.sampled_from(sorted(NOTED)))
@settings(max_examples=150, deadline=None)
def test_damage_anywhere_ends_in_a_picture_or_a_sentence(at, bytes_, kind):
    content = NOTED[kind]()
    damaged = content[:at] + bytes_ + content[at + len(bytes_) :]
    try:
        sent = sent_as([damaged])
    except Invalid:
        return
    assert all(thumbnail(one) for one in sent)


def test_what_leaves_is_made_ready_and_kept_by_one_process_of_its_own(tmp_path, monkeypatch):
    opened = []
    real = bounded._run
    monkeypatch.setattr(bounded, "_run", lambda reader, *of: opened.append(reader) or real(reader, *of))
    media = media_at(f"file:{tmp_path}")
    contents = [drawn("PNG", (900, 900)), drawn("JPEG", (900, 900))]
    kept = keep_fitted(media, contents, LIMITS)
    assert opened == ["service.inbox.pictures:fitted_as"]
    assert [one.media_type for one in kept] == ["image/png", "image/jpeg"]
    assert [media.get(one.media) for one in kept] == sent_as(contents)
    assert all(media_type(media.get(one.thumbnail)) == "image/webp" for one in kept)


def test_a_refusal_comes_back_from_the_process_in_its_words(tmp_path):
    with pytest.raises(Invalid) as refusal:
        keep_fitted(media_at(f"file:{tmp_path}"), [b"no picture"], LIMITS)
    assert refusal.value.fields["pictures"][0].startswith("Choose pictures only")
    assert list(tmp_path.iterdir()) == []


def test_pictures_that_take_too_much_are_refused_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded, "USUAL", replace(bounded.USUAL, seconds=0.01))
    media = media_at(f"file:{tmp_path}")
    with pytest.raises(Invalid) as refusal:
        keep_fitted(media, [drawn("PNG", (90, 90))], LIMITS)
    assert refusal.value.fields["pictures"][0].startswith("These take too long to read")
    assert keep(media, drawn("PNG", (90, 90))) is None
    assert list(tmp_path.iterdir()) == []


def test_no_picture_is_opened_in_our_own_process(tmp_path, monkeypatch):
    plain = drawn("PNG", (90, 90))
    monkeypatch.setattr(Image, "open", None)
    media = media_at(f"file:{tmp_path}")
    assert keep(media, plain)
    assert keep_fitted(media, [plain], LIMITS)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_is_sent_is_decoded_once(kind, monkeypatch):
    decoded = []
    real = ImageFile.ImageFile.load_prepare
    monkeypatch.setattr(ImageFile.ImageFile, "load_prepare", lambda image: (decoded.append(image), real(image))[1])
    noise = BytesIO()
    Image.effect_noise((2500, 900), 90).convert("RGB").save(noise, kind)
    [sent] = sent_as([noise.getvalue()], replace(LIMITS, total_bytes=100_000))  # smaller only after several tries
    assert len(sent) <= 100_000
    assert len(decoded) == 1


def test_pictures_of_too_many_pixels_together_are_refused_before_one_is_decoded(monkeypatch):
    monkeypatch.setattr("service.inbox.pictures.MOST_PIXELS_TOGETHER", 100)
    monkeypatch.setattr(ImageFile.ImageFile, "load_prepare", None)
    with pytest.raises(Invalid) as refusal:
        fitted([drawn("GIF", (9, 9))] * 2, LIMITS)
    assert refusal.value.fields["pictures"][0].startswith("These take too long to read")


def test_a_picture_of_49_megapixels_is_shown_within_the_bounds(tmp_path):
    flat = BytesIO()
    Image.new("RGB", (7000, 7000)).save(flat, "PNG")
    assert keep(media_at(f"file:{tmp_path}"), flat.getvalue())
