"""Checks every request we send and every answer of the sandbox against the carrier's own OpenAPI files.

The files describe no 4xx answers, no uploads and no media, so those pass unjudged. What they say about fields is
compared by name as well, because a schema lets unknown fields through.
"""

import json
import re
from functools import lru_cache, partial
from urllib.parse import parse_qsl, urlsplit

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from requests.adapters import BaseAdapter

from tests.provisioning.fetch_openapi import CACHE

FILES = {
    "api.twilio.com": "twilio_api_v2010.json",
    "events.twilio.com": "twilio_events_v1.json",
    "lookups.twilio.com": "twilio_lookups_v2.json",
    "messaging.twilio.com": "twilio_messaging_v1.json",
    "numbers.twilio.com": "twilio_numbers_v1.json",
    "trusthub.twilio.com": "twilio_trusthub_v1.json",
}
FILE_OF_TELNYX = CACHE.parent / "telnyx-openapi" / "telnyx_openapi.json"
"""The second carrier's description, which comes in no package and has no licence: it is put there by hand."""

WHERE = {host: CACHE / name for host, name in FILES.items()} | {"api.telnyx.com": FILE_OF_TELNYX}

# Emptying is how these are cleared, though their schema asks for a sid.
CLEARED_BY_EMPTYING = re.compile(
    r"(?<![^&])(?:VoiceApplicationSid|SmsApplicationSid|TrunkSid|EmergencyAddressSid)=(?:&|$)"
)

# Where the carrier's own examples break its own schema: relative links, co-ordinates written as texts, and packages of
# a lookup that were not asked for or hold nothing; nullable enumerations without null; a pattern for countries that
# lacks the asterisk for all of them; one event of calls in place of several with blanks between them.
WRONG_IN_THE_FILES = re.compile(
    r"'(?:latitude|longitude)'\] '-?[\d.]+' is not of type 'number'|is not a 'uri'"
    r"|'business_type'\] None is not one of"
    r"|'(?:validation_errors|caller_name|sim_swap|call_forwarding|line_status|line_type_intelligence|identity_match"
    r"|reassigned_number|sms_pumping_risk|caller_type|carrier_name|type|mobile_(?:country|network)_code|error_code)'\]"
    r" None (?:is not of type|for not nullable)"
    r"|'whitelisted_destinations', \d+\] '\*' does not match|'StatusCallbackEvent'\] '\w+ \w+' is not one of"
)
FILTERS = re.compile(r"(?<=[?&])filter(?:%5B|\[)[^&]*&?")
MOST_COMPLAINTS = 5

# Compulsory since 2026, and known to the SDK, but younger than the files.
YOUNGER_THAN_THE_FILES = {"PrivacyPolicyUrl", "TermsAndConditionsUrl", "X-Twilio-Api-Version"}
YOUNGER_THAN_TELNYXS_FILE = re.compile(r"/v2/(?:notification_|detail_records|texml/calls/)")
"""Paths that only the SDK knows."""


class Foul(AssertionError):
    """A request or an answer that the carrier's own description does not allow."""


class Referee(BaseAdapter):
    """A transport in front of the sandbox's that raises `Foul`."""

    def __init__(self, sandbox: BaseAdapter, base_url: str) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._base_url = base_url

    def send(self, request, **options):
        real = _as_sent_to_the_carrier(request, self._base_url)
        if not _is_described(real):
            return self._sandbox.send(request, **options)
        _judge_request(real)
        answer = self._sandbox.send(request, **options)
        if answer.ok and answer.status_code != requests.codes.no_content:
            _judge_answer(real, answer)
        return answer

    def close(self):
        self._sandbox.close()


def is_present() -> bool:
    """Whether the files were fetched."""
    return all((CACHE / name).exists() for name in FILES.values())


def is_telnyx_present() -> bool:
    """Whether the second carrier's file is there."""
    return FILE_OF_TELNYX.exists()


def _as_sent_to_the_carrier(request: requests.PreparedRequest, base_url: str) -> requests.PreparedRequest:
    real = request.copy()
    real.url = f"https://{request.url.removeprefix(base_url + '/')}"
    if isinstance(real.body, str):
        real.body = CLEARED_BY_EMPTYING.sub("", real.body)
    return real


def _without_filters(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The request without `filter[a][b]=`, which the judge cannot read: only the names in it are compared."""
    judged = request.copy()
    judged.url = FILTERS.sub("", request.url)
    return judged


def _is_described(request: requests.PreparedRequest) -> bool:
    parts = urlsplit(request.url)
    if YOUNGER_THAN_TELNYXS_FILE.match(parts.path):
        return False
    return parts.hostname in WHERE and (parts.hostname != "api.twilio.com" or parts.path.endswith(".json"))


def _judge_request(request: requests.PreparedRequest) -> None:
    try:
        _judge(request).validate_request(RequestsOpenAPIRequest(_without_filters(request)))
    except OpenAPIError as error:
        complaints = [text for text in _complaints(error) if not WRONG_IN_THE_FILES.search(text)]
        if complaints or not _complaints(error):
            raise Foul(f"{request.method} {request.url}: {complaints[:MOST_COMPLAINTS] or error}") from None
    known = _known(request)
    unknown = _given(request) - known - YOUNGER_THAN_THE_FILES
    if known and unknown:  # nothing known: the files describe the body only as an object
        raise Foul(f"{request.method} {request.url}: the carrier knows no {sorted(unknown)}")


def _judge_answer(request: requests.PreparedRequest, answer: requests.Response) -> None:
    try:
        _judge(request).validate_response(
            RequestsOpenAPIRequest(_without_filters(request)), RequestsOpenAPIResponse(answer)
        )
    except OpenAPIError as error:
        complaints = [text for text in _complaints(error) if not WRONG_IN_THE_FILES.search(text)]
        if complaints or not _complaints(error):
            raise Foul(f"answer to {request.method} {request.url}: {complaints[:MOST_COMPLAINTS] or error}") from None


def _complaints(error: OpenAPIError) -> list[str]:
    return [f"{list(found.path)} {found.message}" for found in getattr(error.__cause__, "schema_errors", ())]


@lru_cache
def _description(host: str) -> dict:
    return json.loads(WHERE[host].read_text())


@lru_cache
def _openapi(host: str) -> OpenAPI:
    # not from the path: its YAML reader stumbles over the escapes in one of the files; nor are the files on trial
    return OpenAPI.from_dict(_description(host), config=Config(spec_validator_cls=None))


def _judge(request: requests.PreparedRequest) -> OpenAPI:
    return _openapi(urlsplit(request.url).hostname)


def _given(request: requests.PreparedRequest) -> set[str]:
    """Names of all query parameters, form fields and JSON members (of any depth) in a request."""
    query = {
        part for name, _ in parse_qsl(urlsplit(request.url).query, keep_blank_values=True) for part in _parts(name)
    }
    body = request.body or ""
    if body and "json" in request.headers.get("Content-Type", ""):
        return query | set(_members(json.loads(body)))
    return query | {name for name, _ in parse_qsl(body, keep_blank_values=True)}


def _parts(name: str) -> list[str]:
    """The names in that of a parameter: `filter[a][b]`."""
    return [part for part in re.split(r"[][]+", name) if part]


def _members(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)


def _known(request: requests.PreparedRequest) -> set[str]:
    """Names the description has for this operation."""
    parts = urlsplit(request.url)
    description = _description(parts.hostname)
    operation = _operation(description, parts.path, request.method.lower())
    names = set()
    for parameter in map(partial(_resolved, description), operation.get("parameters", ())):
        names |= {*_parts(parameter["name"]), *_properties(parameter.get("schema", {}), description)}
    for content in _resolved(description, operation.get("requestBody", {})).get("content", {}).values():
        names |= set(_properties(content["schema"], description))
    return names


def _operation(description: dict, path: str, method: str) -> dict:
    """The operation of a path; a literal path goes before one with a placeholder, as at the carrier."""
    path = path.removeprefix(urlsplit(description["servers"][0]["url"]).path)
    templates = sorted(description["paths"], key=lambda template: template.count("{"))
    found = next(template for template in templates if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path))
    return description["paths"][found][method]


def _resolved(description: dict, schema: dict) -> dict:
    while "$ref" in schema:
        found = description
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _properties(schema: dict, description: dict):
    schema = _resolved(description, schema)
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from _properties(inner, description)
    for inner in (*(schema.get(kind, ()) for kind in ("allOf", "oneOf", "anyOf")), [schema.get("items")]):
        for part in filter(None, inner):
            yield from _properties(part, description)
