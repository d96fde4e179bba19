"""Without a token in the settings there are no metrics."""

import pytest


@pytest.mark.parametrize("brought", ["Bearer ", "Bearer", "Bearer None"])
def test_without_a_token_in_the_settings_there_is_no_such_page(client, brought):
    assert client.get("/metrics", headers={"Authorization": brought}).status_code == 404
