"""Pictures of pages, compared with the last accepted ones, so that nobody changes how a page looks unseen.

A picture shows a page wide, dark and narrow, side by side and reduced: enough to see what moved, went away or has
another color, too little to see how a browser draws a letter. `make accept-pictures` accepts what the last run showed.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageOps

ROOT = Path(__file__).parents[2]
ACCEPTED = Path(__file__).parent / "accepted"
SEEN = ROOT / "var" / "pictures"
"""Where pictures that differ from the accepted ones are kept, with what differs."""

REDUCED = 4
"""How many pixels of a page, each way, are one of its picture."""

BITS = 5
"""How many bits of each color are kept, so that a picture takes few bytes."""

FEW = 20
"""Pixels that may differ."""

GAP = 8
"""Pixels between two images of a picture."""

MARK = "#ff00ff"

RANDOM = "code, .code-picture, [id^=escalation-] { visibility: hidden }"
"""The style that hides references, also those in texts for carriers' staff, keys and their QR codes."""

STYLED = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""

BROWSER = "browser"
"""The name of the picture that says how a browser draws what is not ours: its controls, and letters in other fonts."""

DRAWN = """<!doctype html><body style="font: 32px sans-serif">
<p>AaBbGgQqWw 0123456789 → ✓ <i>Ää</i> <code>AaGgQq 0123456789</code></p>
<select><option>A choice</select> <input type="checkbox" checked> <input type="radio"> <input type="date">
<input type="time"> <input type="file"> <input type="range"> <progress value=".4"></progress>
<audio controls></audio>"""


class NotComparedWarning(UserWarning):
    """This machine's browser draws otherwise than the one that the accepted pictures were taken in."""


class Album:
    """The accepted pictures, and those of this run that differ from them."""

    def __init__(self, accepted=ACCEPTED, seen=SEEN):
        self._accepted, self._seen = accepted, seen

    def compare(self, name, shots):
        """Compare a page's screenshots (JPEG), by what they show, with its accepted picture.

        Returns "", or a sentence if they differ; the screenshots are then kept, with a picture of what differs.
        """
        picture = ImageOps.posterize(side_by_side([reduced(each) for each in shots.values()]), BITS)
        self._forget(name)
        differing = self._difference(name, picture)
        if differing is None:
            return ""
        self._seen.mkdir(parents=True, exist_ok=True)
        for view, screenshot in shots.items():
            (self._seen / f"{name}.{view}.jpg").write_bytes(screenshot)
        differing.save(self._seen / f"{name}.difference.png")
        picture.save(self._seen / f"{name}.webp", lossless=True)
        return f"looks different: see {self._seen / name}.*, and `make accept-pictures` if it is meant to"

    def fits(self, chromium):
        """Whether a browser draws as the one did that the pictures were taken in; yes while there are none."""
        tab = chromium.new_page(viewport={"width": 1280, "height": 800})
        tab.set_content(DRAWN)
        differs, known = self.compare(BROWSER, {"drawn": shot(tab)}), BROWSER in self.names()
        tab.close()
        return not (differs and known)

    def accept(self):
        """Accept what differed in the last run."""
        self._accepted.mkdir(exist_ok=True)
        for picture in self._seen.glob("*.webp"):
            picture.rename(self._accepted / picture.name)

    def names(self):
        """The names of all accepted pictures."""
        return {picture.stem for picture in self._accepted.glob("*.webp")}

    def _forget(self, name):
        """Remove what an earlier run kept."""
        for kept in self._seen.glob(f"{name}.*"):
            kept.unlink()

    def _difference(self, name, picture):
        accepted = self._accepted / f"{name}.webp"
        if not accepted.exists():
            return picture
        with Image.open(accepted) as before:
            return difference(before.convert("RGB"), picture)


def shot(tab):
    """A screenshot of the whole of a page (JPEG), without what is another in each run."""
    tab.evaluate(STYLED, RANDOM)
    taken = tab.screenshot(type="jpeg", quality=80, full_page=True, animations="disabled")
    tab.evaluate(STYLED, "")
    return taken


def reduced(screenshot):
    """A screenshot at a fraction of its size."""
    with Image.open(BytesIO(screenshot)) as image:
        image.draft("RGB", (image.width // REDUCED, image.height // REDUCED))
        return image.copy()


def side_by_side(images):
    """Images in one, the first at the left."""
    width = sum(image.width + GAP for image in images) - GAP
    picture = Image.new("RGB", (width, max(image.height for image in images)))
    left = 0
    for image in images:
        picture.paste(image, (left, 0))
        left += image.width + GAP
    return picture


def difference(before, after):
    """Two pictures, the second marked where it differs, one above the other; None if they look the same."""
    size = max(before.width, after.width), max(before.height, after.height)
    old, new = (_enlarged(picture, size) for picture in (before, after))
    differing = ImageChops.difference(old, new).convert("L").point(lambda steps: 255 * bool(steps))
    if before.size == after.size and differing.histogram()[255] <= FEW:
        return None
    new.paste(MARK, mask=differing)
    ImageDraw.Draw(new).rectangle(differing.getbbox() or (0, 0, *size), outline=MARK)
    both = Image.new("RGB", (size[0], 2 * size[1] + GAP), "white")
    both.paste(old, (0, 0))
    both.paste(new, (0, size[1] + GAP))
    return both


def _enlarged(picture, size):
    canvas = Image.new("RGB", size)
    canvas.paste(picture)
    return canvas


if __name__ == "__main__":
    Album().accept()
