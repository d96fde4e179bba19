"""The description holds for requests that a judge from outside makes of it: schemathesis.

Usually they are few. This has it make 5,000 requests in rows, each by what earlier ones of its row were answered:

    API_CASES=5000 .venv/bin/pytest tests/service/api/test_description.py
"""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as judging
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import openapi
from schemathesis.checks import CHECKS, load_all_checks

from service.api import rates

CASES = int(os.environ.get("API_CASES", "60"))
"""Requests in rows."""

ROW = 10
EACH = 5
"""Requests of each operation by itself."""

JUDGED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
"""What is judged of an answer: that it is one that the description names, and that what it forbids is refused."""

QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
"""Time and what was found before are not told to the judge."""


@pytest.fixture
def settings(settings):
    """Each business registers itself, so that there is something to judge."""
    return replace(settings, single_business=False)


@pytest.fixture
def checks():
    load_all_checks()
    return CHECKS.get_by_names(JUDGED)


@pytest.fixture
def schema(app, monkeypatch):
    """The description as the judge reads it. It may ask as often as it likes."""
    monkeypatch.setattr(rates, "count", lambda *_: None)
    read = openapi.from_wsgi("/api/v1/openapi.json", app)
    read.config.generation.update(with_security_parameters=False)
    return read


def test_what_each_operation_answers_is_described(schema, checks, program, things):
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda one: one.method.upper() == "DELETE"):

        @judging(max_examples=EACH, derandomize=True, phases=[Phase.generate], **QUIET)
        @given(case=operation.as_strategy())
        def answers_as_described(case):
            headers = {"Authorization": f"Bearer {program.key}"}
            case.call_and_validate(headers=headers, checks=checks)
            about_a_thing(case, things, program)
            case.call_and_validate(headers=headers, checks=checks)

        answers_as_described()


def about_a_thing(case, things, program):
    """Make a request one about what is there, as it is now."""
    case.path_parameters = {name: things[name] for name in case.path_parameters}
    if case.method.upper() == "PATCH":
        path = case.formatted_path.removeprefix("/api/v1")
        case.headers = {**(case.headers or {}), "If-Match": program.get(path).headers["ETag"]}


def test_what_follows_from_answers_is_described(schema, checks, program, things):
    class Row(schema.as_state_machine()):
        def get_call_kwargs(self, _):
            return {"headers": {"Authorization": f"Bearer {program.key}"}}

        def validate_response(self, response, case, **_):
            case.validate_response(response, checks=checks)

    rows = judging(max_examples=max(CASES // ROW, 1), stateful_step_count=ROW, phases=[Phase.generate], **QUIET)
    run_state_machine_as_test(Row, settings=judging(rows, derandomize="API_CASES" not in os.environ))
