"""What is read of files that other services export, and what is left out."""

from zipfile import BadZipFile

import pytest

from service.bounded import NotRead, read_apart
from service.history.entries import MOST, Entry, contents
from service.history.files import BOUNDS, read_file
from tests.service.history.exports import ANN, BEN, OURS, QUO, TAKEOUT, a_takeout, texts


def read(content):
    return contents(read_file(content))


def test_texts_of_google_voice_have_their_sides_and_lines():
    first, second, *_ = read(TAKEOUT).entries
    assert first == Entry("2024-05-04T10:00:00.000-04:00", "in", ANN, "", "Ann", "Is the bread ready?\nIt's for Sunday")
    assert (second.direction, second.sender, second.recipient, second.text) == ("out", OURS, ANN, "Yes & warm")


def test_a_text_of_ours_that_stands_alone_goes_to_whom_another_page_names():
    assert [one.recipient for one in read(TAKEOUT).entries if one.text == "Alone"] == [ANN]


def test_a_text_of_ours_whose_page_is_named_by_a_number_goes_there():
    page = {f"{BEN} - Text - 2024-05-04": texts((OURS, "", "2024-05-04T10:00:00.000-04:00", "Hello"))}
    assert [one.recipient for one in read(a_takeout(**page)).entries] == [BEN]


def test_calls_of_google_voice_have_their_outcome_and_length():
    calls = [one for one in read(TAKEOUT).entries if one.outcome]
    assert [(one.outcome, one.direction, one.seconds, one.text) for one in calls] == [
        ("voicemail", "in", 65, "Please call me"),
        ("missed", "in", 0, ""),
        ("answered", "out", 7203, ""),
    ]
    assert {one.sender or one.recipient for one in calls} == {BEN}


def test_groups_and_hidden_callers_are_counted_as_left_out():
    assert read(TAKEOUT).left_out == 2


def test_a_table_of_quo_is_read_by_its_heading():
    incoming, outgoing = read(QUO).entries
    assert incoming == Entry("2024-05-04T14:00:00.000Z", "in", ANN, OURS, "", "Is the bread ready?")
    assert outgoing == Entry("2024-05-04T14:05:00.000Z", "out", OURS, ANN, "", "Yes, and\nwarm")


@pytest.mark.parametrize(
    "table",
    [
        "Datum;Tid;Riktning;Nummer;Meddelande\n2024-05-04;10:00;Inkommande;+14155550111;Hej\n",
        "Fecha,Dirección,Teléfono,Mensaje\n2024-05-04 10:00,Entrante,+14155550111,Hej\n",
        "Date\tSens\tNuméro\tMessage\n2024-05-04 10:00\tReçu\t+14155550111\tHej\n",
        "Date,Type,Phone number,Contact name,Text\n2024-05-04 10:00,Received,+14155550111,,Hej\n",
    ],
    ids=["Swedish", "Spanish", "French", "English"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_tables_are_read_in_our_languages_and_usual_encodings(table, encoding):
    [entry] = read(table.encode(encoding)).entries
    assert (entry.at, entry.direction, entry.sender, entry.text) == ("2024-05-04 10:00", "in", ANN, "Hej")


def test_a_table_without_directions_leaves_it_to_the_numbers():
    [entry] = read(f"Date,From,To,Text\n2024-05-04 10:00,{OURS},{ANN},Hello\n".encode()).entries
    assert (entry.direction, entry.sender, entry.recipient) == ("", OURS, ANN)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"Name,Phone\nAnn,415\n", b"Date,Text\n2024,Hi\n", a_takeout()])
def test_what_is_no_history_is_not_understood(content):
    assert read_file(content) is None


def test_a_broken_archive_ends_its_own_process_alone():
    with pytest.raises(BadZipFile):
        read_file(b"PK\x03\x04broken")
    with pytest.raises(NotRead):
        read_apart(read_file, b"PK\x03\x04broken", BOUNDS)


def test_no_more_than_the_most_are_taken_and_the_rest_is_told():
    row = f"2024-05-04 10:00,{ANN},{OURS},x\n"
    found = read(("Date,From,To,Text\n" + row * (MOST + 3)).encode())
    assert (len(found.entries), found.left_out) == (MOST, 3)
