import json

import pytest
import requests
from werkzeug.wrappers import Request, Response

from provisioning.carriers.twilio import build
from provisioning.carriers.twilio.error_answers import read_error
from provisioning.contract.errors import Broken, Fault, Refused
from provisioning.contract.numbers import Wanted
from tests.in_process import InProcess
from tests.provisioning.rehearsal import ENVIRON, SANDBOX


def error_of(body, status=400):
    response = requests.Response()
    response.status_code = status
    response.reason = "Bad Request"
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_error(response)


def test_the_classic_answer_is_read():
    read = error_of({"code": 21421, "message": "PhoneNumber is invalid", "more_info": "…", "status": 400})
    assert (read.code, read.text) == ("21421", "PhoneNumber is invalid")
    assert read.faults == (Fault("number", "PhoneNumber is invalid"),)


def test_the_newer_answer_is_read():
    errors = [{"detail": "must not be blank", "pointer": "#/losing_carrier_information/address/zip"}]
    read = error_of({"type": "t", "title": "Invalid", "status": 400, "code": 22171, "detail": "d", "errors": errors})
    assert (read.code, read.text) == ("22171", "d")
    assert read.faults == (Fault("postal_code", "must not be blank"),)


def test_a_field_named_in_the_words_is_put_into_ours():
    read = error_of({"code": 22171, "message": "authorized_representative_email and pin are required"})
    assert [fault.field for fault in read.faults] == ["authorized_email", "pin"]


def test_an_error_answer_about_nothing_in_particular_is_about_the_whole():
    assert [fault.field for fault in error_of({"code": 29999, "message": "No."}).faults] == [""]


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b"null", b'{"code": null}', b"\xff"])
def test_an_answer_of_another_kind_is_read_as_far_as_it_goes(body):
    read = error_of(body)
    assert (read.code, read.text) == ("", "Bad Request")


def test_private_data_in_the_faults_is_taken_out():
    read = error_of({"code": 21211, "message": "The 'To' number +14155552671 is not valid"})
    assert "4155552671" not in str(read.faults)


@pytest.mark.parametrize("code", [21422, 22131, 22136, 22137, 21710])
def test_what_is_so_already_is_a_conflict(code):
    assert error_of({"code": code, "message": "m"}).conflict


@pytest.fixture
def answering():
    """A carrier that gives every question this answer."""

    def carrier(body, status=200):
        @Request.application
        def app(_):
            return Response(body, status, content_type="application/json")

        session = requests.Session()
        session.mount(SANDBOX, InProcess(app))
        return build(ENVIRON, session)

    return carrier


@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", "{}", '{"phone_number": null}'])
def test_a_good_status_with_a_bad_body_is_broken(answering, body):
    carrier = answering(body)
    with pytest.raises(Broken) as caught:
        carrier.porting.check("+14155552671")
    assert not caught.value.not_made
    with pytest.raises(Broken):
        carrier.network.numbers.find("+14155552671")
    with pytest.raises(Broken):
        carrier.porting.fetch("KW0123456789abcdef0123456789abcdef")


def test_a_refusal_keeps_the_carriers_code(answering):
    carrier = answering('{"code": 22102, "message": "bad number"}', 400)
    with pytest.raises(Refused) as caught:
        carrier.porting.check("+1")
    assert caught.value.code == "22102"


def test_a_search_refused_altogether_is_not_taken_for_nothing_on_sale(answering):
    carrier = answering('{"code": 22300, "message": "account restricted"}', 400)
    with pytest.raises(Refused):
        carrier.network.numbers.search(Wanted("US", area="415"))


def test_a_redirected_api_is_broken(answering):
    with pytest.raises(Broken):
        answering("", 302).porting.check("+14155552671")
