import pytest

from service.porting.operators import operator_called


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
    assert "transfer or port-out PIN" in operator.pin
