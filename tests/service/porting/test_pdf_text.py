"""The text of imperfect PDFs: with bytes before the header, without a map from glyphs to letters, or damaged."""

import re
from io import BytesIO

import fontpkg
import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from service.errors import Invalid
from service.porting.bill_files import bill_file
from service.porting.pdf_text import from_header, has_pages, words_of
from tests.factories import a_bill, a_printed_bill

JUNK = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
PRINTED = a_printed_bill("Bill date Feb 20, 2026", "ALICE'S BAKERY")


def in_our_font(*lines):
    """A PDF in an embedded font, whose codes are glyphs and not letters."""
    paper = FPDF()
    paper.add_font("Fira", "", fontpkg.path("Fira Sans"))
    paper.add_page()
    paper.set_font("Fira", size=11)
    for line in lines:
        paper.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def changed(pdf, change):
    """A PDF after a change to its first page, as (writer, page) -> None."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    change(writer, writer.pages[0])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def fonts(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def without_map(_writer, page):
    for font in fonts(page):
        font.pop("/ToUnicode", None)


def with_half_surrogates(writer, page):
    for font in fonts(page):
        half = DecodedStreamObject()
        half.set_data(re.sub(rb"<(\w{4})>(\s*)<0041>", rb"<\1>\2<D800>", font["/ToUnicode"].get_object().get_data()))
        font[NameObject("/ToUnicode")] = writer._add_object(half)


def with_an_unknown_filter(_writer, page):
    page["/Contents"].get_object()[NameObject("/Filter")] = NameObject("/FancyDecode")


def with_nameless_glyphs(_writer, page):
    names = [NameObject(f"/g{code}") for code in range(32, 127)]
    differences = ArrayObject([NumberObject(32), *names])
    for font in fonts(page):
        font[NameObject("/Encoding")] = DictionaryObject({NameObject("/Differences"): differences})


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", JUNK, b" " * 1000])
def test_what_stands_before_the_header_does_no_harm(before):
    assert bill_file([("bill", before + PRINTED)]).media_type == "application/pdf"
    assert words_of(before + PRINTED) == words_of(PRINTED) != ""


def test_what_stands_before_the_header_is_not_passed_on():
    assert from_header(JUNK + PRINTED) == PRINTED


def test_a_file_whose_own_offsets_count_what_stands_before_is_readable_without_it():
    counted = re.sub(rb"(\d{10})( \d{5} n)", lambda at: b"%010d" % (int(at[1]) + len(JUNK)) + at[2], PRINTED)
    assert words_of(from_header(JUNK + counted)) == words_of(PRINTED)


def test_a_header_further_on_makes_no_pdf():
    with pytest.raises(Invalid):
        bill_file([("bill", b" " * 1025 + PRINTED)])
    assert words_of(b" " * 1025 + PRINTED) == ""


def test_a_picture_that_speaks_of_pdf_is_a_picture():
    assert bill_file([("bill", a_bill() + b"%PDF-1.7")]).media_type == "image/png"


def test_letters_are_known_by_the_fonts_map():
    assert words_of(in_our_font("Bill date", "Växjö")) == "Bill date\nVäxjö"


def test_fonts_that_do_not_say_which_letters_they_draw_make_a_bill_unreadable():
    assert words_of(changed(in_our_font("Bill date", "Växjö"), without_map)) == ""
    assert words_of(changed(PRINTED, with_nameless_glyphs)) == ""


def test_half_surrogates_are_replaced_so_that_the_text_can_be_kept():
    words = words_of(changed(in_our_font("Bill date", "ALICE"), with_half_surrogates))
    assert words == "Bill date\n\N{REPLACEMENT CHARACTER}LICE"
    assert words.encode()


def test_a_filter_that_is_not_known_makes_a_bill_unreadable():
    odd = changed(PRINTED, with_an_unknown_filter)
    assert len(PdfReader(BytesIO(odd)).pages) == 1
    assert words_of(odd) == ""


@pytest.mark.parametrize("length", range(8, len(PRINTED), len(PRINTED) // 40))
def test_a_file_cut_off_anywhere_is_read_or_refused_and_raises_nothing_else(length):
    cut = PRINTED[:length]
    assert words_of(cut) in {"", *(words_of(PRINTED)[:end] for end in range(40))}
    assert has_pages(cut) in {True, False}
