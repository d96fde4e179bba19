from decimal import Decimal
from importlib.resources import files

import pytest

from provisioning.carriers.telnyx.settings import Settings
from provisioning.contract.porting import NumberKind
from provisioning.registry import load
from sandbox.exchange import TELNYX_ACCOUNT, TELNYX_KEY
from sandbox.telnyx.keys import public_key

ENOUGH = {
    "TELNYX_API_KEY": TELNYX_KEY,
    "TELNYX_PUBLIC_KEY": public_key(TELNYX_KEY),
    "TELNYX_ACCOUNT_ID": TELNYX_ACCOUNT,
}


@pytest.mark.parametrize("name", ENOUGH)
def test_a_missing_setting_is_named(name):
    with pytest.raises(ValueError, match=f"^{name}: must be set$"):
        Settings.from_environ({**ENOUGH, name: ""})


@pytest.mark.parametrize("name", ["TELNYX_PUBLIC_KEY", "TELNYX_PUBLIC_KEY_OLD"])
@pytest.mark.parametrize("written", ["not base64", "AAAA", "é"])
def test_a_public_key_that_is_none_is_refused(name, written):
    with pytest.raises(ValueError, match=f"^{name}: must be 32 bytes in base64"):
        Settings.from_environ({**ENOUGH, name: written})


def test_a_base_url_without_scheme_is_refused():
    with pytest.raises(ValueError, match="TELNYX_BASE_URL"):
        Settings.from_environ(ENOUGH | {"TELNYX_BASE_URL": "127.0.0.1:8001"})


def test_the_prices_of_an_account_take_the_place_of_those_from_memory(tmp_path):
    ours = tmp_path / "prices.toml"
    theirs = files("provisioning.carriers.telnyx").joinpath("prices.toml").read_text()
    ours.write_text(theirs.replace('local = "1.10"', 'local = "0.90"'))
    [there] = load(["telnyx"], ENOUGH | {"TELNYX_PRICES": str(ours)}, None, lambda *_: "").values()
    assert there.network.prices.month(NumberKind.LOCAL) == Decimal("0.90")


@pytest.mark.parametrize("written", ["", "local = 1", "[rates]\n[months]"])
def test_prices_that_cannot_be_read_are_refused(tmp_path, written):
    (tmp_path / "prices.toml").write_text(written)
    for path in (tmp_path / "prices.toml", tmp_path / "none.toml"):
        with pytest.raises(ValueError, match=r"^TELNYX_PRICES"):
            Settings.from_environ(ENOUGH | {"TELNYX_PRICES": str(path)})


def test_two_public_keys_count_while_they_are_rotated_and_the_api_key_is_in_no_representation():
    settings = Settings.from_environ(ENOUGH | {"TELNYX_PUBLIC_KEY_OLD": public_key("KEYold")})
    assert len(settings.signing_keys) == 2
    assert TELNYX_KEY not in repr(settings)


def test_it_is_found_by_its_name_and_built_with_our_addresses():
    loaded = load(["telnyx"], ENOUGH, None, lambda carrier, subject: f"https://us.test/{carrier}/{subject}")["telnyx"]
    assert (loaded.name, loaded.rehearsal) == ("telnyx", False)
    assert loaded.network.callbacks.porting_url() == "https://us.test/telnyx/porting"


def test_all_that_is_missing_is_said_at_once():
    with pytest.raises(
        ValueError, match="TELNYX_API_KEY: must be set\nTELNYX_PUBLIC_KEY: must be set\nTELNYX_ACCOUNT_ID"
    ):
        load(["telnyx"], {}, None, lambda *_: "")
