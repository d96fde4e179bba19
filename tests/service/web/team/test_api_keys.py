"""The page of API keys."""

from sqlalchemy import select

from service.accounts.api_keys import ApiKey


def make(alice, **more):
    alice.get("api_keys.show")
    return alice.submit(name="Shop", scopes="contacts:read", **more)


def test_a_key_is_shown_once_and_works_until_it_is_revoked(alice, app, services):
    secret = make(alice).select_one("#secret").text
    bearer = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert app.test_client().get("/api/v1/contacts", **bearer).status_code == 200
    page = alice.get("api_keys.show")
    assert secret not in str(page)
    assert page.says(f"ending in …{secret[-4:]}")
    assert page.says("Read contacts")
    assert page.says("Last used")
    alice.submit(button="Revoke Shop")
    assert alice.page.says("No keys yet.")
    assert app.test_client().get("/api/v1/contacts", **bearer).status_code == 401
    assert alice.get("changes.listing").says("Revoked the API key Shop")
    with services.sessions() as session:
        assert session.scalars(select(ApiKey)).all() == []


def test_a_key_without_a_name_or_anything_to_do_is_not_made(alice):
    alice.get("api_keys.show")
    page = alice.submit(name="", scopes="contacts:read", status=422)
    assert page.wrong() == {"name": "Say what the key is for."}
    alice.get("api_keys.show")
    assert alice.submit(name="Shop", status=422).wrong() == {"scopes": "Choose what the key may do."}


def test_a_workspace_has_twenty_keys_at_most(alice):
    for _ in range(20):
        make(alice)
    page = make(alice, status=422)
    assert page.wrong() == {"name": "You’ve reached the limit of 20 API keys. Revoke one first."}


def test_only_the_owner_sees_keys(alice, bob, charlie, services):
    make(alice)
    bob.get("api_keys.show", status=403)
    assert not bob.get("settings.show").select("a[href='/settings/api-keys/']")
    assert alice.get("settings.show").select("a[href='/settings/api-keys/']")
    assert charlie.get("api_keys.show").says("No keys yet.")
    token = charlie.page.select_one("[name=csrf_token]")["value"]
    answer = charlie.client.post("/settings/api-keys/1/revoke", data={"csrf_token": token})
    assert answer.status_code == 404
