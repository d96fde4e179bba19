import pytest

from service.notifications.gsm import fits_gsm, segments, spelled_plainly


@pytest.mark.parametrize(
    ("text", "count"),
    [
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
    ],
)
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
