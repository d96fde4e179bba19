import json
import subprocess
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service
from sandbox.texting import segments as carrier
from service.notifications.gsm import BASIC, EXTENDED, fits_gsm, segments, spelled_plainly

CASES = [
    ("", 1),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("å" * 160, 1),
    ("€" * 80, 1),
    ("€" * 81, 2),
    ("ł" * 70, 1),
    ("ł" * 71, 2),
    ("ł" * 135, 3),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("a" * 152 + "€" + "a" * 152, 3),
    ("a" * 151 + "€" + "a" * 153, 2),
    ("a" * 305 + "€", 3),
    ("ł" * 66 + "😀" + "ł" * 66, 3),
    ("ł" * 65 + "😀" + "ł" * 67, 2),
    ("😀" * 66, 2),
    ("😀" * 67, 3),
    ("a\nb" * 53 + "a", 1),
]


@pytest.mark.parametrize(("text", "count"), CASES)
def test_a_text_is_counted_as_the_network_counts_it(text, count):
    assert segments(text) == count


@pytest.mark.parametrize("text", ["Hej, allt är klart! Åäö", "€ [x] {y} ~", "1 + 1 = 2"])
def test_what_the_network_can_spell_fits(text):
    assert fits_gsm(text)


@pytest.mark.parametrize("text", ["ç", "“quoted”", "5\u202fPM", "😀"])
def test_one_foreign_sign_is_enough_not_to_fit(text):
    assert not fits_gsm(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("el sábado, según su operador", "el sabado, segun su operador"),
        ("l’été à Nîmes, où l’œuvre", "l'été à Nimes, où l'oeuvre"),
        ("El año, ¿qué día?", "El año, ¿qué dia?"),
        ("5\u202fPM", "5 PM"),
        ("Hej, allt är klart! Åäö", "Hej, allt är klart! Åäö"),
    ],
)
def test_a_text_loses_only_the_accents_that_the_network_lacks(text, plain):
    assert spelled_plainly(text) == plain


@pytest.mark.parametrize("text", ["l’été 😀", "Łukasz, según"])
def test_a_text_that_cannot_be_spelled_plainly_stays_as_it_is(text):
    assert spelled_plainly(text) == text


@given(st.text(alphabet="aå\n€[ł😀", min_size=140, max_size=330))
def test_we_count_as_the_carrier_does(text):
    assert segments(text) == carrier.segments(text)


@pytest.mark.skipif(which("node") is None, reason="the page's own count needs node to be run")
def test_the_page_counts_the_same_while_one_types():
    page = (Path(service.__file__).parent / "web/shell/static/inbox.js").read_text()
    start = page.index("function segments(")
    counting = page[start : page.index("\n}\n", start) + 3]
    signs, texts = ["".join(BASIC), "".join(EXTENDED)], [text for text, _ in CASES]
    program = f"""{counting}
        const [basic, extended] = {json.dumps(signs)}.map((signs) => new Set(signs));
        console.log(JSON.stringify({json.dumps(texts)}.map((text) => segments(text, basic, extended))));"""
    counted = subprocess.run(["node", "-e", program], capture_output=True, check=True, text=True)  # noqa: S603, S607 -- our own script
    assert json.loads(counted.stdout) == [count for _, count in CASES]
