import pytest
from bs4 import BeautifulSoup

from service.language import Language
from service.notifications.bodies import Body, html_of, quoted, text_of

LINES = """
Hello, Alice.

- one

- two
All of it:
> what she wrote
> and more

# 123456
"""


def parts(lines, **rest):
    page = BeautifulSoup(html_of(Body(lines=lines, **rest), Language.ENGLISH), "html.parser")
    return [str(part) for part in page.select_one("#words").find_all(recursive=False)]


def test_the_text_has_paragraphs_lists_and_quotations():
    assert text_of(Body(lines=LINES)) == (
        "Hello, Alice.\n\n- one\n- two\n\nAll of it:\n\n> what she wrote\n> and more\n\n123456"
    )


def test_the_html_has_the_same_words():
    assert parts(LINES) == [
        "<p>Hello, Alice.</p>",
        "<ul><li>one</li><li>two</li></ul>",
        "<p>All of it:</p>",
        '<blockquote dir="auto">what she wrote<br/>and more</blockquote>',
        '<p style="font-size:28px; letter-spacing:4px"><strong>123456</strong></p>',
    ]


@pytest.mark.parametrize("mark", ["", "- ", "> ", "# "])
def test_nothing_in_a_line_is_markup(mark):
    [part] = parts(f"{mark}<b>bold</b> [a](https://evil.example) **b** & https://evil.example")

    page = BeautifulSoup(part, "html.parser")
    assert not page.select("b, a")
    assert page.get_text() == "<b>bold</b> [a](https://evil.example) **b** & https://evil.example"


def test_a_link_and_a_footer_come_last():
    body = Body(lines="Hello.", step="See it", link="https://portline.example/1", footer="Why you get this.")

    assert text_of(body) == "Hello.\n\nSee it: https://portline.example/1\n\n--\nWhy you get this."
    page = BeautifulSoup(html_of(body, Language.SWEDISH), "html.parser")
    assert [(link.get_text(), link["href"]) for link in page.select("a")] == [("See it", "https://portline.example/1")]
    assert page.html["lang"] == "sv"
    assert page.select("p")[-1].get_text() == "Why you get this."


def test_a_body_without_link_and_footer_leaves_nothing_behind():
    assert text_of(Body(lines="Hello.")) == "Hello."
    page = BeautifulSoup(html_of(Body(lines="Hello."), Language.ENGLISH), "html.parser")
    assert [part.get_text() for part in page.select("p, a")] == ["Portline", "Hello."]


def test_every_line_of_somebodys_words_is_quoted():
    assert quoted("First\n\n# second\n- third") == "> First\n> # second\n> - third"
