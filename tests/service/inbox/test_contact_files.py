"""Contacts in files that phones and address books export."""

import pytest

from service.inbox.contact_files import Card, cards_of_table, cards_of_vcard, is_vcard
from service.inbox.contact_import import check

GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Notes,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value",
    "Karin,M,Lindqvist,Lindqvist Studio,Likes rye,Work,karin@lindqvist.example,(415) 555-0123 ::: 415 555 0124",
)
OUTLOOK = (
    "First Name,Last Name,Company,E-mail Address,Business Phone,Mobile Phone,Business Fax,Notes",
    "Karin,Lindqvist,Lindqvist Studio,karin@lindqvist.example,(415) 555-0123,415 555 0124,415 555 9999,Likes rye",
)
SWEDISH = (
    "Namn,Företag,E-post,Telefon,Mobil,Anteckningar",
    "Karin Lindqvist,Lindqvist Studio,karin@lindqvist.example,(415) 555-0123,415 555 0124,Likes rye",
)
KARIN = {
    "name": "Karin Lindqvist",
    "company": "Lindqvist Studio",
    "email": "karin@lindqvist.example",
    "notes": "Likes rye",
}
VCARD_3 = """BEGIN:VCARD
VERSION:3.0
N:Lindqvist;Karin;;;
FN:Karin Lindqvist
ORG:Lindqvist Studio;Sales
item1.EMAIL;TYPE=INTERNET:karin@lindqvist.example
TEL;TYPE=CELL:(415) 555-0123
item2.TEL:415 555
  0124
NOTE:Likes rye
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
 /2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD
END:VCARD
"""


def rows(lines):
    return [(place, line.split(",")) for place, line in enumerate(lines, 1)]


@pytest.mark.parametrize("table", [GOOGLE, OUTLOOK, SWEDISH], ids=["Google", "Outlook", "Swedish"])
def test_a_table_is_read_by_the_names_of_its_columns(table):
    cards = list(cards_of_table(rows(table)))
    assert cards == [Card(2, number, **KARIN) for number in ("(415) 555-0123", "415 555 0124")]


def test_a_vcard_is_read_unfolded_with_each_of_its_numbers():
    assert is_vcard(VCARD_3)
    assert list(cards_of_vcard(VCARD_3)) == [Card(1, number, **KARIN) for number in ("(415) 555-0123", "415 555 0124")]


def test_an_old_vcard_is_decoded_and_a_new_one_has_addresses_of_numbers():
    name = "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85berg;Bj=C3=B6rn=\r\n=20;;;"
    old = f"BEGIN:VCARD\r\nVERSION:2.1\r\n{name}\r\nTEL;CELL:4155550123\r\nEND:VCARD\r\n"
    new = "begin:vcard\nVERSION:4.0\nFN:Anna\\, the baker\nTEL;VALUE=uri:tel:+14155550124\nNOTE:One\\nTwo\nEND:VCARD\n"
    assert [(card.name, card.number) for card in cards_of_vcard(old)] == [("Björn  Åberg", "4155550123")]
    assert list(cards_of_vcard(new)) == [Card(1, "+14155550124", "Anna, the baker", notes="One\nTwo")]


@pytest.mark.parametrize("text", ["", "BEGIN:VCARD", "END:VCARD", "TEL:1", "BEGIN:VCARD\nTEL\nN\n:\n;;;:\nEND"])
def test_a_broken_vcard_holds_nothing(text):
    assert list(cards_of_vcard(text)) == []


def test_a_number_is_taken_once_and_what_is_wrong_is_said():
    table = (
        "Name,Phone,Email",
        "Ann,(415) 555-0123,ANN@Example.com",
        "Ann again,+1 415 555 0123,",
        "Ben,12,",
        "Eve,,eve@example.com",
        "Ida,415 555 0125,not an address",
    )
    checked = check(cards_of_table(rows(table)), "US")
    assert [(card.name, card.number, card.email) for card in checked.cards] == [
        ("Ann", "+14155550123", "ann@example.com"),
        ("Ida", "+14155550125", ""),
    ]
    assert [(remark.line, remark.name, str(remark.why)) for remark in checked.remarks] == [
        (3, "Ann again", "This number stands further up."),
        (4, "Ben", "That’s not a complete phone number. Include the area code."),
        (5, "Eve", "There is no phone number."),
        (6, "Ida", "The e-mail address cannot be right. The contact is taken without it."),
    ]


def test_what_is_too_long_is_cut_and_a_name_is_one_line():
    [card] = check([Card(1, "4155550123", "A\nB" + "x" * 200, notes="n" * 5000)], "US").cards
    assert card.name.startswith("A Bxxx")
    assert (len(card.name), len(card.notes)) == (100, 4000)
