"""A page that looks different is seen; one that is only drawn anew is not."""

import pytest

from tests.browser import pictures
from tests.browser.looker import WIDE
from tests.browser.pages import OUTSIDER
from tests.browser.pictures import Album, shot

BROKEN = {
    "a button of another color": "main button { background: #7a2f2f !important }",
    "a button of another size": "main button { padding: 0 !important }",
    "no border around fields": "main input { border-color: transparent !important }",
    "less room between fields": "main .asked, main .asked > label { margin-bottom: 0 !important }",
    "a smaller heading": "h1 { font-size: 16px !important }",
    "a hint that went away": ".hint { display: none !important }",
    "words of another color": "main p { color: #b03030 !important }",
}
BREAK = "(rule) => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)"
MEND = "() => document.styleSheets[0].deleteRule(document.styleSheets[0].cssRules.length - 1)"
DARK_ONLY = "@media (prefers-color-scheme: dark) { body { background: #303030 !important } }"


@pytest.fixture
def album(tmp_path):
    return Album(tmp_path / "accepted", tmp_path / "seen")


@pytest.fixture
def page(looker):
    """The page of signing up, whose font has come."""
    looker.open(OUTSIDER, "/sign-up").close()
    page = looker.open(OUTSIDER, "/sign-up")
    page.set_viewport_size(WIDE)
    return page


def test_each_small_break_of_the_style_is_seen(page, album, tmp_path):
    assert "looks different" in album.compare("sign-up", {"wide": shot(page)})
    album.accept()
    for broken, rule in BROKEN.items():
        page.evaluate(BREAK, rule)
        assert "make accept-pictures" in album.compare("sign-up", {"wide": shot(page)}), broken
        kept = {path.name for path in (tmp_path / "seen").iterdir()}
        assert kept == {"sign-up.wide.jpg", "sign-up.difference.png", "sign-up.webp"}
        page.evaluate(MEND)
        assert not album.compare("sign-up", {"wide": shot(page)}), f"mended: {broken}"
        assert not any((tmp_path / "seen").iterdir())


def test_a_reference_that_is_another_in_each_run_is_no_difference_and_a_word_is(page, album):
    reference = "(name) => { document.querySelector('code').textContent = name; }"
    page.evaluate("() => document.querySelector('main label').append(document.createElement('code'))")
    page.evaluate(reference, "7f3k9q")
    album.compare("sign-up", {"wide": shot(page)})
    album.accept()
    page.evaluate(reference, "2b8m4x")
    assert not album.compare("sign-up", {"wide": shot(page)})
    page.evaluate("() => document.querySelector('main label').append('again')")
    assert album.compare("sign-up", {"wide": shot(page)})


def test_a_break_in_the_dark_is_noted_with_the_page(looker, album):
    looker.look(OUTSIDER, "/sign-in", picture="sign-in")
    album.accept()
    looker.wrong.clear()
    looker.look(OUTSIDER, "/sign-in", picture="sign-in")
    assert looker.wrong == []
    looker.open(OUTSIDER, "/sign-in").context.route("**/portline.css*", darkened)
    looker.look(OUTSIDER, "/sign-in", picture="sign-in")
    assert [said for said in looker.wrong if said.startswith("outsider /sign-in → looks different")]


def darkened(route):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + DARK_ONLY)


def test_a_browser_that_draws_its_controls_otherwise_is_known_by_them(whole_chromium, album, monkeypatch):
    assert album.fits(whole_chromium)
    album.accept()
    assert album.fits(whole_chromium)
    monkeypatch.setattr(pictures, "DRAWN", pictures.DRAWN.replace("sans-serif", "serif"))
    assert not album.fits(whole_chromium)
