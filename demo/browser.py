"""What a customer sits at: pages, links and forms, and nothing that is not on a page."""

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

File = tuple[str, bytes, str]


class Refused(Exception):
    """A page did not take what was entered; says what it said."""


class Page:
    """A page that was opened, as it reads."""

    def __init__(self, answer: requests.Response) -> None:
        self.url = answer.url
        self.soup = BeautifulSoup(answer.text, "html.parser")

    @property
    def text(self) -> str:
        """All that can be read on it, blanks as in a book."""
        return " ".join(self.soup.get_text(" ").split())

    def said(self, selector: str) -> list[str]:
        """What is written in the elements that a CSS selector finds."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]

    def form(self, *names: str) -> Tag:
        """The form with these fields. Raises `LookupError`."""
        for form in self.soup.select("form"):
            if all(form.select_one(f'[name="{name}"]') for name in names):
                return form
        raise LookupError(f"no form with {', '.join(names)} at {self.url}")


def straight_session() -> requests.Session:
    """A session that ignores the environment's proxies: everything that is asked is on this machine."""
    session = requests.Session()
    session.trust_env = False
    return session


class Browser:
    """One person's browser, with their session."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._session = straight_session()
        self._session.headers["Accept-Language"] = "en"

    def open(self, path: str) -> Page:
        """Open a page."""
        return self._page(self._session.get(urljoin(self._home, path), timeout=30))

    def send(self, page: Page, entered: Mapping[str, str], files: Mapping[str, File] | None = None) -> Page:
        """Fill in the page's form that has these fields, leave the others as they stand, and send it.

        Raises:
            Refused: the page came back with a word beside a field.
        """
        form = page.form(*entered, *(files or {}))
        address = urljoin(page.url, str(form.get("action") or ""))
        fields = {**_as_it_stands(form), **entered}
        return self._page(self._session.post(address, data=fields, files=files, timeout=30))

    def press(self, page: Page, words: str) -> Page:
        """Press a button that stands in a form of its own. Raises `LookupError`, and `Refused` as `send`."""
        for form in page.soup.select("form"):
            if any(" ".join(button.get_text(" ").split()) == words for button in form.select("button")):
                address = urljoin(page.url, str(form.get("action") or ""))
                return self._page(self._session.post(address, data=_as_it_stands(form), timeout=30))
        raise LookupError(f"no button “{words}” at {page.url}")

    def _page(self, answer: requests.Response) -> Page:
        page = Page(answer)
        if not answer.ok:
            complaints = page.said(".invalid-feedback, .alert, h1")
            raise Refused(f"{answer.status_code} at {answer.url}: {' · '.join(complaints)}")
        return page


_ONLY_IF_CHOSEN = {"checkbox", "radio", "submit", "file"}


def _as_it_stands(form: Tag) -> dict[str, str]:
    """What a browser would send if nothing were touched."""
    standing: dict[str, str] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") not in _ONLY_IF_CHOSEN or field.has_attr("checked"):
            standing[str(field["name"])] = str(field.get("value") or field.get_text())
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        standing[str(choice["name"])] = str(chosen.get("value", "")) if chosen else ""
    return standing
