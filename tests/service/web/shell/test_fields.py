"""What people type, and what others may have typed for them."""

import pytest

from service.web.shell.fields import local_path


@pytest.mark.parametrize("path", ["/inbox/7?view=done", "/", "/ports/3f/fix?in=sv"])
def test_a_path_of_ours_is_followed(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "elsewhere",
        "",
    ],
)
def test_what_a_browser_would_take_for_another_site_is_not(path):
    assert local_path(path) == "/"
