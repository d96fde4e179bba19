"""What the carrier's hosts have in common, tested with raw requests."""

import pytest

from sandbox.exchange import registered_service

ACCOUNT = "AC000000000000000000000000000000aa"
API = f"http://sandbox.test/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
PORTING = "http://sandbox.test/numbers.twilio.com/v1/Porting"
UPLOAD = "http://sandbox.test/numbers-upload.twilio.com/v1/Documents"
MESSAGING = "http://sandbox.test/messaging.twilio.com/v1"
LOOKUPS = "http://sandbox.test/lookups.twilio.com/v2"
PDF = ("bill.pdf", b"%PDF-1.4", "application/pdf")


@pytest.mark.parametrize(
    "url",
    [
        f"{API}/IncomingPhoneNumbers.json",
        f"{API}/Messages/SMx/Media/MEx",
        f"{PORTING}/PortIn/PortInRequests",
        UPLOAD,
        f"{MESSAGING}/Services",
        f"{LOOKUPS}/PhoneNumbers/+14155552671",
    ],
)
@pytest.mark.parametrize("auth", [("nobody", "x"), (ACCOUNT, "wrong"), (ACCOUNT, "")])
def test_every_host_wants_credentials(wire, url, auth):
    answer = wire.get(url, auth=auth)
    if answer.status_code == 405:
        answer = wire.post(url, auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


def test_an_unknown_path_method_or_thing_is_an_error_in_json(wire):
    for answer, status, code in (
        (wire.get(f"{API}/Nothing.json"), 404, 20404),
        (wire.put(f"{API}/Messages.json"), 405, 20004),
        (wire.get(f"{PORTING}/PortIn/KW{'0' * 32}"), 404, 20404),
        (wire.delete(f"{PORTING}/Configuration/Webhook/PORT_SIDEWAYS"), 404, 20404),
        (wire.get(f"http://sandbox.test/api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Messages.json"), 404, 20404),
    ):
        told = answer.json()
        assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
        assert set(told) == {"code", "message", "more_info", "status"}
        assert "sandbox" not in told["message"]


def test_every_answer_carries_a_request_id(wire):
    assert wire.get(f"{API}/Messages.json").headers["Twilio-Request-Id"].startswith("RQ")


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (f"{PORTING}/PortIn", {"data": {"account_sid": ACCOUNT}}),
        (f"{PORTING}/PortIn", {"data": b"[1]", "headers": {"Content-Type": "application/json"}}),
        (f"{PORTING}/PortIn", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
        (f"{PORTING}/Configuration/Webhook", {"data": {"port_in_target_url": "https://us.example"}}),
        (f"{PORTING}/Configuration/Webhook", {"json": {"port_in_target_url": "us.example"}}),
        (f"{PORTING}/Configuration/Webhook", {"json": {"webhook": "https://us.example"}}),
        (f"{API}/Messages.json", {"json": {"To": "+14155552671"}}),
        (f"{API}/IncomingPhoneNumbers.json", {"json": {"AreaCode": "415"}}),
        (f"{API}/IncomingPhoneNumbers.json", {"data": {"AreaCode": "415", "VoiceURL": "https://us.example"}}),
        (f"{MESSAGING}/Services", {"json": {"FriendlyName": "x"}}),
        (f"{MESSAGING}/Services", {"data": {}}),
        (f"{MESSAGING}/Services", {"data": {"FriendlyName": "x", "Webhook": "y"}}),
        (UPLOAD, {"data": {"document_type": "utility_bill"}}),
    ],
)
def test_a_wrong_body_is_refused(wire, url, sent):
    answer = wire.post(url, **sent)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_a_bill_is_taken_and_described(wire):
    answer = wire.post(UPLOAD, data={"document_type": "utility_bill", "friendly_name": "May"}, files={"File": PDF})
    told = answer.json()
    assert (answer.status_code, told["mime_type"], told["status"]) == (201, "application/pdf", "DRAFT")
    assert (told["friendly_name"], told["failure_reason"]) == ("May", None)


def test_a_bill_under_another_part_name_arrives_without_content(wire):
    answer = wire.post(UPLOAD, data={"document_type": "utility_bill"}, files={"file": PDF})
    assert (answer.status_code, answer.json()["mime_type"]) == (201, None)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("letter", b"%PDF-"), ("utility_bill", b"hello"), ("utility_bill", b"%PDF-" + bytes(10**7 * 2))],
)
def test_other_papers_are_refused(wire, kind, content):
    assert wire.post(UPLOAD, data={"document_type": kind}, files={"File": ("a.pdf", content)}).status_code == 400


def test_the_webhook_configuration_is_replaced_as_a_whole(wire, clock):
    url = f"{PORTING}/Configuration/Webhook"
    both = {"port_in_target_url": "https://us.example/in", "port_out_target_url": "https://us.example/out"}
    made = wire.post(url, json=both | {"notifications_of": ["PortInCompleted"]})
    assert (made.status_code, made.json()["port_out_target_url"]) == (201, "https://us.example/out")
    wire.post(url, json={"port_in_target_url": "https://us.example/new"})
    told = wire.get(url).json()
    assert (told["port_in_target_url"], told["port_out_target_url"]) == ("https://us.example/new", None)
    assert (told["port_in_target_date_created"], told["notifications_of"]) == ("2026-03-02T15:00:00Z", [])
    assert wire.delete(f"{url}/PORT_IN").status_code == 204
    assert wire.get(url).json()["port_in_target_url"] is None


def without(body, *path):
    *parents, last = path
    target = body
    for parent in parents:
        target = target[parent]
    del target[last]
    return body


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda body: without(body, "account_sid"), 22171),
        (lambda body: without(body, "documents"), 22171),
        (lambda body: without(body, "phone_numbers"), 22171),
        (lambda body: without(body, "losing_carrier_information", "customer_name"), 22171),
        (lambda body: without(body, "losing_carrier_information", "address"), 22171),
        (lambda body: without(body, "losing_carrier_information", "address", "zip"), 22171),
        (lambda body: body | {"documents": []}, 22171),
        (lambda body: body | {"documents": ["RD" + "0" * 32]}, 22171),
        (lambda body: body | {"surprise": 1}, 22171),
        (lambda body: body | {"phone_numbers": []}, 22171),
        (lambda body: body | {"phone_numbers": [{"phone_number": "4155552671"}]}, 22172),
        (
            lambda body: body | {"phone_numbers": [{"phone_number": "+14155552671"}, {"phone_number": "+46812345678"}]},
            22172,
        ),
        (lambda body: body | {"target_port_in_date": "2026-03-05"}, 22171),
        (lambda body: body | {"target_port_in_date": "soon"}, 22171),
        (lambda body: body | {"target_port_in_date": "2026-03-20", "target_port_in_time_range_start": "noon"}, 22171),
        (lambda body: body | {"bundle_sid": "BU" + "0" * 32}, 22170),
        (lambda body: body | {"account_sid": "AC" + "1" * 32}, 20001),
    ],
)
def test_a_port_request_that_is_not_complete_is_refused_and_not_kept(wire, world, order, change, code):
    answer = wire.post(f"{PORTING}/PortIn", json=change(order("+14155552671")))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert world.state.port_ins == {}


def test_an_address_can_be_given_by_its_sid_if_there_is_one(wire, client, order):
    body = without(order("+14155552671"), "losing_carrier_information", "address")
    body["losing_carrier_information"]["address_sid"] = "AD" + "0" * 32
    assert wire.post(f"{PORTING}/PortIn", json=body).json()["code"] == 22173
    address = client.addresses.create("Alice", "1 Main St", "San Francisco", "CA", "94103", "US")
    body["losing_carrier_information"]["address_sid"] = address.sid
    assert wire.post(f"{PORTING}/PortIn", json=body).status_code == 202


def test_a_number_already_being_ported_is_refused(wire, file_port, order):
    file_port("+14155552671")
    answer = wire.post(f"{PORTING}/PortIn", json=order("+14155552672", "+14155552671"))
    assert (answer.status_code, answer.json()["code"]) == (400, 22137)


def test_the_pin_is_not_told_again(wire, world, file_port):
    kw = file_port(phone_numbers=[{"phone_number": "+14155552671", "pin": "PIN-4242"}])
    for url in (f"{PORTING}/PortIn/{kw}", "http://sandbox.test/_control/port-ins"):
        assert "PIN-4242" not in wire.get(url).text
    assert "PIN-4242" not in repr(world.port_in(kw))


def test_the_list_of_requests_is_paged_by_tokens_newest_first(wire, world, clock, file_port):
    made = [file_port(f"+1415555{7000 + count}") for count in range(5)]
    url, seen, token = f"{PORTING}/PortIn/PortInRequests", [], None
    while True:
        told = wire.get(url, params={"Size": 2, "Token": token}).json()
        seen += [row["port_in_request_sid"] for row in told["port_in_requests"]]
        token = told["meta"]["next_token"]
        if token is None:
            break
    assert seen == made[::-1]
    assert told["meta"]["previous_token"] is not None
    assert wire.get(url, params={"Token": "????"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"PortInRequestStatus": "In Review"}, 1),
        ({"PortInRequestStatus": "completed"}, 0),
        ({"CreatedAfter": "2026-03-02T14:00:00Z"}, 1),
        ({"CreatedAfter": "2026-03-03"}, 0),
        ({"CreatedBefore": "2026-03-01"}, 0),
        ({"PortInRequestSid": f"KW{'0' * 32}"}, 0),
    ],
)
def test_the_list_of_requests_can_be_narrowed(wire, file_port, query, found):
    file_port("+14155552671")
    assert len(wire.get(f"{PORTING}/PortIn/PortInRequests", params=query).json()["port_in_requests"]) == found
    assert wire.get(f"{PORTING}/PortIn/PortInRequests", params={"CreatedAfter": "x"}).status_code == 400


def test_v1_pages_link_to_the_real_host(wire):
    for name in ("a", "b", "c"):
        wire.post(f"{MESSAGING}/Services", data={"FriendlyName": name})
    meta = wire.get(f"{MESSAGING}/Services", params={"PageSize": 2}).json()["meta"]
    assert meta["next_page_url"] == "https://messaging.twilio.com/v1/Services?PageSize=2&Page=1"
    assert (meta["key"], meta["previous_page_url"]) == ("services", None)


def test_the_sdk_follows_v1_pages(client):
    made = [client.messaging.v1.services.create(friendly_name=name).sid for name in ("a", "b", "c")]
    listed = [service.sid for service in client.messaging.v1.services.list(page_size=1)]
    assert listed == [registered_service(ACCOUNT), *made]


def test_the_answer_about_one_number_names_its_codes_as_numbers(client, wire, world, file_port):
    kw = file_port("+14155552671")
    world.port_in(kw).numbers[0].rejection_code = 22156
    item = wire.get(f"{PORTING}/PortIn/{kw}").json()["phone_numbers"][0]
    one = client.numbers.v1.porting_port_in_phone_number(kw, item["port_in_phone_number_sid"]).fetch()
    assert (item["rejection_reason_code"], one.rejection_reason_code) == ("22156", 22156)
    assert one.rejection_reason == "INVALID_ACCOUNT_NUMBER"


def test_a_subaccount_signs_in_with_its_own_token_and_sees_only_its_own(client, wire):
    sub = client.api.v2010.accounts.create(friendly_name="Alice")
    client.incoming_phone_numbers.create(area_code="415")
    own = wire.get(f"{API.replace(ACCOUNT, sub.sid)}/IncomingPhoneNumbers.json", auth=(sub.sid, sub.auth_token))
    others = wire.get(f"{API}/IncomingPhoneNumbers.json", auth=(sub.sid, sub.auth_token))
    assert (own.json()["incoming_phone_numbers"], others.status_code) == ([], 404)


@pytest.mark.parametrize(("size", "status"), [("1", 200), ("100", 200), ("101", 400), ("0", 400), ("many", 400)])
def test_a_page_of_port_requests_has_at_most_a_hundred(wire, size, status):
    assert wire.get(f"{PORTING}/PortIn/PortInRequests", params={"Size": size}).status_code == status


def test_a_country_with_numbers_names_their_kinds(wire):
    told = wire.get(f"{API}/AvailablePhoneNumbers/US.json").json()
    assert (told["country_code"], set(told["subresource_uris"])) == ("US", {"local", "toll_free"})
    for path in told["subresource_uris"].values():
        assert wire.get(f"http://sandbox.test/api.twilio.com{path}").status_code == 200
    assert wire.get(f"{API}/AvailablePhoneNumbers/XX.json").status_code == 404
