"""Lists of numbers, as people type or export them."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from service import bounded
from service.errors import Invalid
from service.phone_numbers import SENTENCES, Refusal
from service.porting.list_files import LARGEST_LIST, TOO_LARGE, TOO_LONG_TO_READ, UNREADABLE, rows_in
from service.porting.number_lists import LONG_LINE, MOST_ROWS, TOO_LONG, NumberList, WrongLine, read_list, read_rows

ONE, TWO = "+14155552671", "+12125552000"


def of_file(content):
    return read_rows(rows_in(content))


def workbook(*rows):
    book, kept = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def zipped(**parts):
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def refused(read, content):
    with pytest.raises(Invalid) as refusal:
        read(content)
    return refusal.value.fields["list"]


@pytest.mark.parametrize(
    "content",
    [
        f"{ONE}\n{TWO}\n",
        "(415) 555-2671\r\n\r\n212.555.2000",
        '"(415) 555-2671","Front desk"\n"(212) 555-2000","Kitchen, back"',
        "Number;Name\n415-555-2671;Front desk\n212-555-2000;Kitchen",
        "Phone\n4155552671\tFront desk\n2125552000\tKitchen\n4155552671\tagain",
        "sep=;\r\n4155552671;Front desk\r\n2125552000;Kitchen\r\n",
        "sep=|\n4155552671|Front desk\n2125552000|Kitchen\n",
        "Phone 1,Phone 2\n4155552671,2125559999\n2125552000,\n",
        "Tel. (2026)\n4155552671\n2125552000",
        '4155552671,"Front\ndesk, left"\n2125552000,"Kitchen; back"',
        '4155552671,"a note of many lines\n5125550100\n"\n2125552000,',
        "(415)\xa0555‑2671\n\u2066+1 212 555 2000\u2069",
    ],
)
def test_a_list_is_read_in_any_usual_form(content):
    assert read_list(content) == NumberList([ONE, TWO], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(encoding):
    content = "Nummer\tVar\n4155552671\tKök\n2125552000\tCafé\n"
    assert of_file(content.encode(encoding)) == NumberList([ONE, TWO], [])


def test_every_wrong_line_is_named_with_its_place_and_the_reason():
    incomplete = SENTENCES[Refusal.INCOMPLETE]
    wrong = [WrongLine(2, "12", incomplete), WrongLine(4, "Kitchen", incomplete)]
    assert read_list(f"{ONE}\n12\n\nKitchen\n") == NumberList([ONE], wrong)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("4155552000, 4155552003; 4155552004", Refusal.SEVERAL),
        (",".join(str(4155550000 + at) for at in range(12_000)), Refusal.SEVERAL),
        (" ".join(str(4155550000 + at) for at in range(9_000)), Refusal.SEVERAL),
        ("4.15555E+09", Refusal.LETTERS),
        ("4155552671 x12", Refusal.EXTENSION),
        ("+800 1234 5678", Refusal.NO_COUNTRY),
        ("070-123 45 67", Refusal.FROM_ABROAD),
        ("1-800-FLOWERS", Refusal.BY_LETTERS),
    ],
)
def test_a_line_that_is_not_one_number_is_refused_with_the_reason(content, why):
    found = read_list(content)
    assert found.numbers == []
    assert [(line, said.template) for line, _, said in found.wrong] == [(1, SENTENCES[why])]


def test_the_line_after_a_cell_with_line_ends_has_its_own_number():
    assert [one.line for one in read_list('4155552671,"Front\ndesk"\n12').wrong] == [3]


@pytest.mark.parametrize("content", ["", "\n\n", "Number\n", ";;\n"])
def test_an_empty_list_has_no_numbers(content):
    assert read_list(content) == NumberList([], [])


def test_a_quote_that_is_never_closed_loses_no_number_in_silence():
    assert [one.line for one in read_list('"4155552671\n2125552000\n').wrong] == [1]


@pytest.mark.parametrize("cell", ["x" * 140_000, " ".join(str(4155550000 + at) for at in range(12_000))])
def test_a_cell_that_is_too_long_to_be_read_names_its_line(cell):
    assert refused(read_list, f'4155552671\n"{cell}"') == [LONG_LINE.format(line=2)]


def test_a_list_of_too_many_lines_is_refused():
    assert refused(read_list, "4155552671\n" * (MOST_ROWS + 1)) == [TOO_LONG]


def test_a_workbook_is_read_with_numbers_as_text_or_as_numbers():
    content = workbook(
        ["Phone", "Who"], [4155552671, "Front desk"], [None, "nothing"], ["(212) 555-2000", 2125559999.0]
    )
    assert of_file(content) == NumberList([ONE, TWO], [])


def test_wrong_rows_of_a_workbook_are_named():
    assert [(one.line, one.text) for one in of_file(workbook([4155552671], ["12"])).wrong] == [(2, "12")]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
        b"PK\x03\x04 and no archive",
        zipped(**{"letter.txt": "no workbook"}),
        zipped(**{"[Content_Types].xml": "<broken"}),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(content):
    assert refused(of_file, content) == [UNREADABLE]


@pytest.mark.parametrize(
    "content",
    [
        b"4" * (LARGEST_LIST + 1),
        zipped(bomb="0" * (9 * 1024 * 1024)),
        zipped(**{f"part{at}": "x" for at in range(201)}),
    ],
    ids=["large", "bomb", "parts"],
)
def test_a_file_that_is_too_large_is_refused_before_it_is_unpacked(content):
    assert refused(of_file, content) == [TOO_LARGE]


def test_a_workbook_that_takes_too_long_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr("service.bounded.USUAL", replace(bounded.USUAL, seconds=0.01))
    assert refused(of_file, workbook([4155552671])) == [TOO_LONG_TO_READ]


def test_an_entity_bomb_in_a_workbook_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    kept = BytesIO()
    with ZipFile(BytesIO(workbook([4155552671]))) as sound, ZipFile(kept, "w", ZIP_DEFLATED) as made:
        for part in sound.infolist():
            content = sound.read(part)
            if part.filename == "xl/workbook.xml":
                content = f"{bomb}]><workbook>&j;</workbook>".encode()
            made.writestr(part.filename, content)
    assert refused(of_file, kept.getvalue()) == [UNREADABLE]
