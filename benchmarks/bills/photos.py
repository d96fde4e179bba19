"""`python -m benchmarks.bills.photos` photographs bills of the corpus, reads the photos, and prints how well.

Each is printed, then turned, tilted, seen from the side, shaded, blurred and made noisy; it is right where the photo
gives what the same text in a PDF gives. Needs the libraries in `requirements-photos.txt`.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import fontpkg
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.bills.corpus import Bill, bills
from service.bounded import Meter, NotRead, TooMuch, metered, read_apart
from service.paper import FACE
from service.porting.bill_accounts import account_on
from service.porting.bill_dates import billed_on
from service.porting.bills import PHOTO
from service.porting.photos import pages_of
from service.porting.spelling import compact, without_accents

EACH: Final = 4
"""Layouts of each language."""

_WIDTH, _HEIGHT, _LINE = 2200, 2900, 62
_TABLE: Final = (96, 84, 70)


@dataclass(slots=True)
class Score:
    """Counts over some photos, and the seconds of a processor that reading them took."""

    photos: int = 0
    lines: int = 0
    read: int = 0
    plain: int = 0
    days: int = 0
    accounts: int = 0
    with_account: int = 0
    seconds: float = 0
    most: float = 0

    def add(self, bill: Bill, words: str, meter: Meter) -> None:
        """Count one photo, of which these words were read."""
        lines = [line for line in map(compact, bill.words.splitlines()) if line]
        found, found_plain = compact(words), compact(without_accents(words))
        account = account_on(bill.words)
        self.photos += 1
        self.lines += len(lines)
        self.read += sum(line in found for line in lines)
        self.plain += sum(compact(without_accents(line)) in found_plain for line in lines)
        self.days += billed_on(words, bill.today, bill.country) == billed_on(bill.words, bill.today, bill.country)
        self.with_account += bool(account)
        self.accounts += bool(account) and compact(account_on(words)) == compact(account)
        self.seconds += meter.seconds
        self.most = max(self.most, meter.seconds)

    def row(self, name: str) -> str:
        """A line of the table in docs/bills.md."""
        lines = f"{self.read} of {self.lines} | {self.plain} of {self.lines}"
        accounts = f"{self.accounts} of {self.with_account}"
        seconds = f"{self.seconds / self.photos:.1f} s, {self.most:.1f} s"
        return f"| {name} | {self.photos} | {lines} | {self.days} of {self.photos} | {accounts} | {seconds} |"


def main() -> None:
    """Photograph, read and print."""
    chosen = list(_chosen())
    print("| photos | | lines read | without accents | day | account number | processor, mean and most |")
    print("|---|---|---|---|---|---|---|")
    whole = Score()
    for language in sorted({bill.language for bill in chosen}):
        score = Score()
        for bill in (bill for bill in chosen if bill.language == language):
            with metered() as meter:
                words = _read(photo_of(bill))
            score.add(bill, words, meter)
            whole.add(bill, words, meter)
        print(score.row(language), flush=True)
    print(whole.row("**all**"))
    print(f"\nload {os.getloadavg()[0]:.1f}")


def photo_of(bill: Bill) -> bytes:
    """A photo (JPEG) of a bill, the same one each time."""
    chance = Random(bill.layout)  # noqa: S311 -- samples, no secrets
    paper = _printed(bill.words)
    on_the_table = _seen_from_the_side(paper, chance).rotate(
        chance.uniform(-4, 4), Image.Resampling.BICUBIC, expand=True, fillcolor=_TABLE
    )
    photo = Image.blend(on_the_table, Image.effect_noise(on_the_table.size, 60).convert("RGB"), chance.uniform(0, 0.12))
    photo = _shaded(photo, chance).filter(ImageFilter.GaussianBlur(chance.uniform(0, 2)))
    made = io.BytesIO()
    photo.rotate(chance.choice((0, 90, 180, 270)), expand=True).save(made, "JPEG", quality=chance.randint(60, 88))
    return made.getvalue()


def _chosen() -> Iterator[Bill]:
    """One bill of the first layouts of each language, and of the held out ones."""
    seen: dict[str, set[str]] = {}
    for bill in (*bills("held_out"), *bills("layouts")):
        layouts = seen.setdefault(bill.language, set())
        if bill.layout not in layouts and len(layouts) < EACH:
            layouts.add(bill.layout)
            yield bill


def _printed(words: str) -> Image.Image:
    paper = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    font = ImageFont.truetype(fontpkg.path(FACE, 400, "normal"), 40)
    for place, line in enumerate(words.splitlines()):
        at = 160
        for column in line.split("   "):
            ImageDraw.Draw(paper).text((at, 200 + place * _LINE), column.strip(), "black", font)
            at += round(font.getlength(column)) + 120
    return paper


def _seen_from_the_side(paper: Image.Image, chance: Random) -> Image.Image:
    (width, height), (far, near) = paper.size, (chance.uniform(0, 0.04), chance.uniform(0, 0.04))
    corners = (-far * width, -near * height, 0, height, width, height * (1 + near), width * (1 + far), 0)
    return paper.transform(paper.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=_TABLE)


def _shaded(photo: Image.Image, chance: Random) -> Image.Image:
    """A photo with the shadow of a hand over one side."""
    shadow = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(photo.size)
    dark, depth = Image.new("RGB", photo.size, "black"), chance.uniform(0.2, 0.5)
    return Image.composite(dark, photo, shadow.point(lambda grey: grey * depth))


def _read(photo: bytes) -> str:
    try:
        pages: list[dict[str, Any]] = read_apart(pages_of, photo, PHOTO)
    except (TooMuch, NotRead):
        return ""
    return "\n".join(row[0] for page in pages for row in page["rows"])


if __name__ == "__main__":
    main()
