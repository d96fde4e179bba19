import json

import pytest
import requests

from provisioning.carriers.telnyx.error_answers import read_error
from provisioning.contract.errors import Broken, CarrierError, Conflict, Fault, NotFound, Refused, Unavailable
from provisioning.http import raise_for_answer


def answer_of(status, *errors, body=None):
    response = requests.Response()
    response.status_code, response.reason = status, "Unprocessable Entity"
    response._content = json.dumps({"errors": errors}).encode() if body is None else body
    return response


def error(code, pointer="", **more):
    return {"code": code, "title": "No", "detail": "It will not do.", "source": {"pointer": pointer}, **more}


def raised(response):
    with pytest.raises(CarrierError) as caught:
        raise_for_answer(response, read_error)
    return caught.value


def test_every_error_of_an_answer_names_its_field():
    read = read_error(
        answer_of(422, error("10004", "/end_user/admin/pin_passcode"), error("80008"), error("10015", "/moon"))
    )
    assert read.code == "10004"
    assert [fault.field for fault in read.faults] == ["pin", "letter", ""]


def test_a_parameter_names_its_field_too():
    wrong = error("10016") | {"source": {"parameter": "to"}}
    assert read_error(answer_of(400, wrong)).faults == (Fault("recipient", "It will not do."),)


@pytest.mark.parametrize(
    ("status", "code", "kind", "not_made"),
    [
        (401, "10009", Broken, True),
        (403, "10010", Broken, True),
        (403, "D35", Refused, True),
        (404, "10005", NotFound, True),
        (422, "10012", Conflict, True),
        (422, "85001", Conflict, True),
        (422, "80003", Conflict, True),
        (409, "10035", Conflict, True),
        (409, "10036", Unavailable, True),
        (422, "80005", Refused, True),
        (422, "40318", Unavailable, True),
        *((status, "40300", Refused, True) for status in (400, 403, 404, 409, 422)),
        (403, "40010", Refused, True),
        (429, "40300", Unavailable, True),
        (500, "40300", Unavailable, False),
        (429, "10011", Unavailable, True),
        (500, "10007", Unavailable, False),
        (503, "", Unavailable, True),
    ],
)
def test_each_kind_of_answer_is_one_of_our_errors(status, code, kind, not_made):
    caught = raised(answer_of(status, error(code)))
    assert (type(caught), caught.not_made) == (kind, not_made)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"errors": {}}', b'{"errors": [7]}', b"\xff"])
def test_an_answer_of_another_kind_is_read_as_far_as_it_goes(body):
    read = read_error(answer_of(422, body=body))
    assert (read.code, read.text, read.faults) == ("", "Unprocessable Entity", ())


def test_private_data_is_taken_out():
    wrong = error("10016", detail="+14155552671 is no number")
    assert "4155552671" not in str(read_error(answer_of(422, wrong)).faults)
    assert "4155552671" not in str(raised(answer_of(422, wrong)))
