"""A program with a key: it speaks to the API as strangers do, over HTTP."""

import json

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIResponse
from openapi_core.testing import MockRequest
from sqlalchemy import select

from service.accounts.api_keys import Scope, make_key
from service.accounts.models import Member, Membership, User, Workspace
from service.brands import Platform, PlatformWorkspace
from service.events.models import Delivery, Endpoint
from service.events.publishing import publish_test
from service.inbox.models import Call, Contact, Conversation, Message, Picture, RecordedPiece
from service.lines.models import NumberSearch
from service.time import now
from tests.conftest import PORTLINE
from tests.factories import a_draft
from tests.service.web.conftest import (  # noqa: F401 -- the same people, beside their programs
    alice,
    bakery,
    bob,
    charlie,
    compiled,
    filed,
    known,
    line,
    queries,
    reader,
    signed,
)
from tests.service.web.transfer.conftest import arrived, dated, own, proven, tick  # noqa: F401 -- their transfers

READS_PROBLEMS = Config(extra_media_type_deserializers={"application/problem+json": json.loads})


class Program:
    """It sends its key with each request, and holds each answer against the description."""

    def __init__(self, app, key=""):
        self._client, self.key = app.test_client(), key
        self._description = OpenAPI.from_dict(app.extensions["api"].to_dict(), config=READS_PROBLEMS)

    def __call__(self, method, path, *, status=200, key=None, **sent):
        brought = self.key if key is None else key
        headers = {"Authorization": f"Bearer {brought}"} if brought else {}
        answer = self._client.open(f"/api/v1{path}", method=method, headers=headers | sent.pop("headers", {}), **sent)
        assert answer.status_code == status, answer.text
        if status != 304:
            asked = MockRequest(PORTLINE, method.lower(), f"/api/v1{path.partition('?')[0]}")
            self._description.validate_response(asked, WerkzeugOpenAPIResponse(answer))
        return answer

    def get(self, path, **sent):
        return self("GET", path, **sent)

    def post(self, path, body, status=201, **sent):
        return self("POST", path, json=body, status=status, **sent)

    def refused(self, method, path, code, status, **sent):
        """What a refusal says, with this code."""
        answer = self(method, path, status=status, **sent)
        assert answer.content_type == "application/problem+json"
        assert answer.json["code"] == code, answer.json
        assert answer.json["status"] == status
        assert answer.json["type"].endswith(f"/api/#{code}")
        return answer


@pytest.fixture
def key_of(services):
    """A key of the owner who has this name, with all scopes unless some are named."""

    def make(name, *scopes):
        with services.sessions.begin() as session:
            member = session.scalars(select(Member).join(Member.user).where(User.name == name)).one()
            return make_key(session, member, "Shop", scopes or Scope)

    return make


@pytest.fixture
def program(app, alice, key_of):  # noqa: F811
    """A program of Alice's."""
    return Program(app, key_of("Alice"))


@pytest.fixture
def other(app, charlie, key_of):  # noqa: F811
    """A program of Charlie's, who has another business."""
    return Program(app, key_of("Charlie"))


@pytest.fixture
def things(services, line, alice):  # noqa: F811
    """One thing of each kind in Alice's workspace, by the name that it has in paths."""
    with services.sessions.begin() as session:
        contact = Contact(workspace_id=line.workspace_id, number="+14155550123")
        conversation = Conversation(line_id=line.id, contact=contact)
        message = Message(conversation=conversation, direction="in", number="+14155550100", text="Hi")
        sound, picture = services.media.put(b"sound", "audio/mpeg"), services.media.put(b"picture", "image/png")
        kept = {"voicemail_media": sound, "voicemail_type": "audio/mpeg"}
        kept |= {"recording_media": sound, "recording_type": "audio/mpeg"}
        call = Call(conversation=conversation, number="+14155550100", **kept)
        piece = RecordedPiece(call=call, reference="RE1", url="", seconds=3, media=sound, media_type="audio/mpeg")
        file = Picture(source_url="", media_type="image/png", media=picture, size=7)
        message.pictures = [file]
        found = NumberSearch(
            workspace_id=line.workspace_id, carrier="twilio", country="US", kind="local", area="", town="", contains=""
        )
        endpoint = Endpoint(
            workspace_id=line.workspace_id, url="https://shop.example", kinds=[], secret="whsec_AAAA", made_at=now()
        )
        shop = Workspace(name="Shop")
        dora = User(email="dora@shop.example", name="Dora", fs_uniquifier="dora")
        owner = Member(workspace=shop, user=dora, role=Membership.OWNER)
        session.merge(Platform(workspace_id=line.workspace_id, most=3))
        session.add_all([message, call, piece, found, endpoint, owner])
        session.flush()
        session.add(PlatformWorkspace(workspace_id=shop.id, platform_id=line.workspace_id))
        publish_test(session, endpoint)
        draft = a_draft(session, session.merge(line), "+14155552000")
        session.flush()
        return {
            "contact_id": contact.id,
            "conversation_id": conversation.id,
            "message_id": message.id,
            "call_id": call.id,
            "line_id": line.id,
            "workspace_id": shop.id,
            "piece_id": piece.id,
            "file_id": file.id,
            "number_id": 1,
            "search_id": found.id,
            "endpoint_id": endpoint.id,
            "delivery_id": session.scalars(select(Delivery.id)).one(),
            "transfer_id": draft.public_id,
            "coming_id": draft.numbers[0].id,
        }
