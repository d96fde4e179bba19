"""What pages look like: light or dark, icons, style sheets, and the keys that may be switched off."""

import re
from pathlib import Path

import pytest

import service.web
from service.web.shell.assets import STYLES
from service.web.shell.icons import ICONS, sheet

ROOMS = Path(service.web.__file__).parent
TEMPLATES = [path.read_text() for path in ROOMS.glob("*/templates/*.html")]
STYLE_SHEETS = {path.stem: path.read_text() for path in (ROOMS / "shell" / "static" / "styles").glob("*.css")}


def test_light_or_dark_is_as_the_device_wishes_until_somebody_chooses(alice):
    assert "data-theme" not in alice.get("settings.show").html.attrs
    assert alice.submit(theme="dark").html["data-theme"] == "dark"
    assert alice.get("inbox.show").html["data-theme"] == "dark"
    alice.get("settings.show")
    assert "data-theme" not in alice.submit(theme="auto").html.attrs


def test_shortcuts_of_single_keys_can_be_switched_off(alice):
    assert alice.get("settings.show").select("#key-map")
    assert not alice.submit(theme="auto", shortcuts="false").select("#key-map")
    assert not alice.get("inbox.show").select("#key-map")


def test_enter_sends_for_those_who_wish_so_in_every_browser(alice, app):
    alice.get("settings.show")
    assert alice.submit(theme="auto", enter_sends="true").select("#enter_sends[checked]")
    assert alice.get("settings.show").select("#enter_sends[checked]")


def test_a_look_that_there_is_not_is_refused(alice):
    alice.get("settings.show")
    assert alice.submit(theme="purple", status=422).heading() == "Please check what you entered"


def test_the_icons_that_are_served_are_those_that_pages_use():
    named = {name for name in ICONS if any(f'"{name}"' in template for template in TEMPLATES)}
    assert named == ICONS
    assert set(re.findall(r'<symbol [^>]*id="([\w-]+)"', sheet())) == ICONS


def test_an_icon_that_is_not_served_fails_where_it_is_named(app):
    with app.test_request_context(), pytest.raises(ValueError, match="ICONS lacks unicorn"):
        app.jinja_env.from_string('{{ icon("unicorn") }}').render()


def test_every_style_sheet_is_served():
    assert set(STYLE_SHEETS) == set(STYLES)


def test_every_class_of_a_template_has_a_rule():
    ruled = {name for sheet in STYLE_SHEETS.values() for name in re.findall(r"\.([a-z][\w-]*)", sheet)}
    classes = {
        name
        for template in TEMPLATES
        for written in re.findall(r'class="([\w -]*)"', template)
        for name in written.split()
    }
    assert classes - ruled == set()


def test_assets_are_kept_for_a_year_under_the_address_of_their_content(reader):
    kept = reader.open("/").select_one("link[rel=preload]")["href"]
    assert "immutable" in reader.client.get(kept).headers["Cache-Control"]
    _, version = kept.strip("/").split("/")[:2]
    assert reader.client.get(kept.replace(version, "before")).headers["Cache-Control"] == "no-store"
    assert reader.client.get(kept.replace("figtree.woff2", "else.css")).status_code == 404
