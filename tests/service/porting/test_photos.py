"""Photos and scans of bills are read however they were taken. These tests read: `make test` installs what does."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image, ImageFilter
from pypdfium2 import PdfDocument

from service.bounded import NotRead, TooMuch, metered, read_apart
from service.errors import Invalid
from service.porting.bill_files import MOST_PHOTOS, bill_file
from service.porting.bills import PHOTO
from service.porting.pdf_text import words_of
from service.porting.photos import MOST_PIXELS, pages_of
from tests.factories import BILL, a_bill, a_printed_bill


def photographed(*lines, turned=0, tilted=0.0, kind="JPEG"):
    """A photo of a bill on a table: blurred, tilted and turned by so many degrees."""
    page = PdfDocument(a_printed_bill(*lines))[0].render(scale=2.5).to_pil().convert("RGB").crop((0, 0, 1480, 700))
    page = page.rotate(tilted, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70))
    made = BytesIO()
    page.filter(ImageFilter.GaussianBlur(1)).rotate(turned, expand=True).save(made, kind, quality=75)
    return made.getvalue()


def text_of(page):
    return [text for text, _ in page["rows"]]


def test_a_photo_that_lies_on_its_side_is_turned_upright_and_read_row_by_row():
    with metered() as meter:
        [page] = read_apart(pages_of, photographed(*BILL, turned=90, tilted=3), PHOTO)
    assert text_of(page)[1:5] == [*BILL[1:5]]
    assert page["width"] > page["height"]
    with Image.open(BytesIO(b64decode(page["picture"]))) as picture:
        assert picture.size == (page["width"], page["height"])
    _, [[piece, (left, top, right, bottom)]] = page["rows"][1]
    assert piece == "ALICE'S BAKERY LLC"
    assert 0 <= left < right <= 0.5
    assert 0 <= top < bottom <= 0.3
    assert meter.seconds < 30


def test_several_photos_are_one_bill_whose_pages_are_read_also_upside_down():
    sent = [("front.jpg", photographed(*BILL[:5], turned=180)), ("back.png", photographed(*BILL[5:], kind="PNG"))]
    bill = bill_file(sent)
    assert (bill.name, bill.media_type) == ("front.pdf", "application/pdf")
    assert words_of(bill.content) == ""
    front, back = read_apart(pages_of, bill.content, PHOTO)
    assert "ALICE'S BAKERY LLC" in text_of(front)
    assert BILL[6] in text_of(back)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([a_printed_bill("Bill"), a_bill()], "Choose one PDF, or one to four photos of the same bill."),
        ([a_bill()] * (MOST_PHOTOS + 1), "Choose up to four photos."),
        ([a_bill(), b"no picture"], "We can’t read this file."),
        ([a_bill(), photographed("Bill")[:-900]], "We can’t read this file."),
    ],
    ids=["a PDF among them", "five", "no picture", "cut off"],
)
def test_what_makes_no_bill_together_is_refused(sent, why):
    with pytest.raises(Invalid) as refusal:
        bill_file([(f"{place}.jpg", content) for place, content in enumerate(sent)])
    assert refusal.value.fields["bill"][0].startswith(why)


def test_a_photo_of_too_many_pixels_is_not_opened():
    vast = BytesIO()
    Image.new("1", (10_000, MOST_PIXELS // 10_000 + 1)).save(vast, "PNG")
    with pytest.raises(TooMuch):
        read_apart(pages_of, vast.getvalue(), PHOTO)
    with pytest.raises(Invalid):
        bill_file([("one.png", vast.getvalue()), ("two.png", a_bill())])


def test_a_damaged_photo_is_not_read():
    with pytest.raises(NotRead):
        read_apart(pages_of, photographed("Bill")[:-900], PHOTO)
