"""A customer's browser: it opens pages, and fills in only forms that are on a page."""

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

File = tuple[str, bytes, str]


class Refused(Exception):
    """A page refused what was entered; the message has its complaints."""


class Page:
    """A page that was opened."""

    def __init__(self, answer: requests.Response) -> None:
        self.url = answer.url
        self.soup = BeautifulSoup(answer.text, "html.parser")

    @property
    def text(self) -> str:
        """Its text, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    def texts(self, selector: str) -> list[str]:
        """The text of each element that a CSS selector finds."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]

    def form(self, *names: str) -> Tag:
        """The form with these fields. Raises `LookupError`."""
        for form in self.soup.select("form"):
            if all(form.select_one(f'[name="{name}"]') for name in names):
                return form
        raise LookupError(f"no form with {', '.join(names)} at {self.url}")


def straight_session() -> requests.Session:
    """A session that ignores the environment's proxies: everything that is asked is on this machine.

    Each request has a connection of its own. Servers close one that is silent for seconds, maybe in the moment in which
    the next request leaves; a person's browser then asks again by itself, this one would break off.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["Connection"] = "close"
    return session


class Browser:
    """The browser of one person, with its cookies."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._session = straight_session()
        self._session.headers["Accept-Language"] = "en"

    def open(self, path: str) -> Page:
        """Open a path of the service. Raises `Refused` for an error page."""
        return self._page(self._session.get(urljoin(self._home, path), timeout=30))

    def send(self, page: Page, entered: Mapping[str, str], files: Mapping[str, File] | None = None) -> Page:
        """Fill in the page's form that has these fields, leave its other fields unchanged, and send it.

        Raises:
            Refused: the answer is an error, or complains about a field.
        """
        form = page.form(*entered, *(files or {}))
        address = urljoin(page.url, str(form.get("action") or ""))
        fields = {**_as_it_stands(form), **entered}
        return self._page(self._session.post(address, data=fields, files=files, timeout=30))

    def press(self, page: Page, words: str) -> Page:
        """Press the button with these words in its form. Raises `LookupError`, and `Refused` as `send` does."""
        for form in page.soup.select("form"):
            if any(" ".join(button.get_text(" ").split()) == words for button in form.select("button")):
                address = urljoin(page.url, str(form.get("action") or ""))
                return self._page(self._session.post(address, data=_as_it_stands(form), timeout=30))
        raise LookupError(f"no button “{words}” at {page.url}")

    def _page(self, answer: requests.Response) -> Page:
        page = Page(answer)
        if not answer.ok:
            complaints = page.texts(".invalid-feedback, .alert, h1")
            raise Refused(f"{answer.status_code} at {answer.url}: {' · '.join(complaints)}")
        return page


_ONLY_IF_CHOSEN = {"checkbox", "radio", "submit", "file"}


def _as_it_stands(form: Tag) -> dict[str, str]:
    """The fields that a browser sends when nothing is changed."""
    standing: dict[str, str] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") not in _ONLY_IF_CHOSEN or field.has_attr("checked"):
            standing[str(field["name"])] = str(field.get("value") or field.get_text())
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        standing[str(choice["name"])] = str(chosen.get("value", "")) if chosen else ""
    return standing
