"""Parts of a page that are reloaded."""

import pytest
from playwright.sync_api import expect

PAGE = """<div data-refresh="/part" data-every="0.1"><p>underway</p></div><script src="/static/portline.js"></script>"""
CUT_OFF_ONCE = """
  const whole = fetch;
  fetch = async (path) => {
    const answer = await whole(path);
    answer.text = () => Promise.reject(new TypeError("network error"));
    fetch = whole;
    return answer;
  };
"""


@pytest.fixture
def page(tab):
    """A page with one such part."""
    tab.route("**/page", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    tab.route("**/part", lambda route: route.fulfill(body="<div><p>done</p></div>", content_type="text/html"))
    return tab


def test_a_part_is_replaced_by_what_it_has_become(page):
    page.goto("/page")
    expect(page.get_by_text("done")).to_be_visible()


def test_a_part_that_was_cut_off_on_its_way_is_fetched_once_more(page):
    page.add_init_script(CUT_OFF_ONCE)
    page.goto("/page")
    expect(page.get_by_text("done")).to_be_visible()
