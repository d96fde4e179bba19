import pytest

from service.porting.operators import known_in, operator_called


@pytest.mark.parametrize(
    ("registered", "name"),
    [
        ("Verizon Wireless", "Verizon"),
        ("Cellco Partnership DBA Verizon Wireless - NSR/1", "Verizon"),
        ("AT&T Wireless", "AT&T"),
        ("New Cingular Wireless PCS, LLC", "AT&T"),
        ("T-Mobile USA, Inc.", "T-Mobile"),
        ("MetroPCS", "T-Mobile"),
    ],
)
def test_an_operator_is_known_by_parts_of_its_registered_names(registered, name):
    assert operator_called(registered).name == name


@pytest.mark.parametrize("registered", ["Verizon New York Inc.", "Pacific Bell", ""])
def test_an_operator_we_know_nothing_of_keeps_its_name_and_gets_advice_that_fits_most(registered):
    operator = operator_called(registered)
    assert operator.name == registered
    assert "transfer PIN or port-out PIN" in operator.pin


@pytest.mark.parametrize(
    ("registered", "name"),
    [
        ("Google (Grand Central) - Bandwidth.com - SVR", "Google Voice"),
        ("Google Voice", "Google Voice"),
        ("RingCentral - Bandwidth.com - SVR", "RingCentral"),
        ("TextNow - Neutral Tandem - SVR", "TextNow"),
        ("Skype", "Skype"),
    ],
)
def test_internet_numbers_have_operators_too(registered, name):
    operator = operator_called(registered)
    assert operator.name == name
    assert operator.internet
    assert operator.news


def test_google_voice_takes_a_fee_to_unlock():
    assert "$3" in operator_called("Google Voice").fee


def test_skype_is_said_to_have_ended():
    assert "Skype ended on May 5, 2025" in operator_called("Skype").news
    assert "no one can transfer it" in operator_called("Skype", "SE").news


def test_an_american_operator_is_none_of_swedens():
    operator = operator_called("T-Mobile USA, Inc.", "SE")
    assert (operator.pin, operator.lock) == ("", "")
    assert "Skype" in known_in("SE")
    assert "Verizon" not in known_in("SE")


@pytest.mark.parametrize("name", [name for name in known_in("US") if name])
def test_an_operator_that_is_chosen_by_its_name_has_its_own_advice(name):
    assert operator_called(name).name == name
    assert operator_called(name).account


@pytest.mark.parametrize("name", ["AT&T", "Verizon"])
def test_of_a_brand_that_has_landlines_too_no_pin_is_insisted_on(name):
    assert operator_called(name).insists == frozenset()
