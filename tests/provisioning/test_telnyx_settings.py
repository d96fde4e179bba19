import pytest

from provisioning.carriers.telnyx.settings import Settings
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


def test_two_public_keys_count_while_they_are_rotated_and_the_api_key_is_in_no_representation():
    settings = Settings.from_environ(ENOUGH | {"TELNYX_PUBLIC_KEY_OLD": public_key("KEYold")})
    assert len(settings.signing_keys) == 2
    assert TELNYX_KEY not in repr(settings)
