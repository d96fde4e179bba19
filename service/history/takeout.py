"""Google Voice: the archive that Google Takeout makes, a page of HTML for each call and piece of a conversation.

Its form is not documented. This reads what is alike in the archives of 2011 to 2026 that others have described, such
as https://github.com/wjcarpenter/gvoice-sms-takeout-xml and https://github.com/timelinize/timelinize.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipFile

from bs4 import BeautifulSoup, Tag

from service.history.entries import LONGEST_TEXT, MOST, Contents, Entry

LARGEST_PAGE: Final = 4 * 1024 * 1024
LARGEST_TOGETHER: Final = 256 * 1024 * 1024
"""Bytes of all pages once unpacked."""

_OUTCOMES: Final = {"missed": "missed", "voicemail": "voicemail", "received": "answered", "placed": "answered"}
"""Calls by the label of their page: https://support.google.com/voice/answer/115082. Recordings come with a call."""

_SPAN: Final = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?")
_NUMBER_NAMED: Final = re.compile(r"(\+\d{7,15}) - ")


def read_takeout(archive: ZipFile) -> Contents:
    """The texts and calls of an archive. Groups, pictures and people without a number are counted as left out."""
    entries, left_out = list[Entry](), 0
    for name, page in _pages(archive):
        found, without = _read_page(name, page)
        entries += found
        left_out += without
    known = {one.name: _other(one) for one in entries if one.name and _other(one)}
    whole = [whole for one in entries if (whole := _with_number(one, known))]
    return Contents(whole[:MOST], left_out + len(entries) - len(whole[:MOST]))


def _pages(archive: ZipFile) -> Iterator[tuple[str, BeautifulSoup]]:
    """The pages by their names. What they unpack to is known before anything is unpacked."""
    together = 0
    for part in archive.infolist():
        together += part.file_size
        if PurePosixPath(part.filename).suffix != ".html" or part.file_size > LARGEST_PAGE:
            continue
        if together > LARGEST_TOGETHER:
            return
        yield PurePosixPath(part.filename).stem, BeautifulSoup(archive.read(part), "html.parser")


def _read_page(name: str, page: BeautifulSoup) -> tuple[list[Entry], int]:
    """The entries of one page, and how many are left out."""
    texts = page.select(".hChatLog .message")
    if page.select_one(".participants"):
        return [], len(texts)
    named = _NUMBER_NAMED.match(name)
    other, title = (named[1] if named else ""), name.partition(" - ")[0]
    if texts:
        found = [_text(message, other, title) for message in texts]
        return [one for one in found if one.text], sum(not one.text for one in found)
    call = page.select_one(".haudio")
    entry = _call(page, call) if call else None
    return ([entry], 0) if entry else ([], int(call is not None))


def _text(message: Tag, other: str, title: str) -> Entry:
    """One text. Whoever has the archive stands in it as an abbreviation, "Me" or the same in another language."""
    is_ours = message.select_one("abbr.fn") is not None
    number, said = _telephone(message), message.select_one("q")
    for end in said.select("br") if said else ():
        end.replace_with("\n")
    return Entry(
        at=_title(message.select_one("abbr.dt")),
        direction="out" if is_ours else "in",
        sender=number,
        recipient=other if is_ours else "",
        name=title if is_ours else _words(message.select_one(".fn")),
        text=said.get_text()[:LONGEST_TEXT] if said else "",
    )


def _call(page: BeautifulSoup, call: Tag) -> Entry | None:
    labels = {str(one.get("href", "")).rpartition("#")[2] for one in page.select("a[rel=tag]")}
    label = next((one for one in _OUTCOMES if one in labels), "")
    number, spoken = _telephone(call), call.select_one(".full-text")
    if not (label and number):
        return None
    is_ours = label == "placed"
    return Entry(
        at=_title(call.select_one(".published")),
        direction="out" if is_ours else "in",
        sender="" if is_ours else number,
        recipient=number if is_ours else "",
        name=_words(call.select_one(".fn")),
        text=_words(spoken)[:LONGEST_TEXT],
        outcome=_OUTCOMES[label],
        seconds=_seconds(_title(call.select_one(".duration"))),
    )


def _other(entry: Entry) -> str:
    """The number of the other person, as far as the entry itself has it."""
    return entry.recipient if entry.direction == "out" else entry.sender


def _with_number(entry: Entry, known: dict[str, str]) -> Entry | None:
    """The entry with the other person's number, which texts of ours do not have; None if no page has it."""
    if _other(entry):
        return entry
    if entry.direction == "out" and (number := known.get(entry.name)):
        return Entry(entry.at, entry.direction, entry.sender, number, entry.name, entry.text)
    return None


def _telephone(part: Tag) -> str:
    link = part.select_one("a.tel")
    return str(link.get("href", "")).removeprefix("tel:") if link else ""


def _title(part: Tag | None) -> str:
    return str(part.get("title", "")) if part else ""


def _words(part: Tag | None) -> str:
    return " ".join(part.get_text().split()) if part else ""


def _seconds(span: str) -> int:
    """The length of an ISO 8601 duration, such as PT1M5S; 0 for one that no call has."""
    found = _SPAN.fullmatch(span)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
