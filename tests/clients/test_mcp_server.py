"""The server for assistants, over standard input and output, as the protocol's own client speaks to it."""

import json
import os
import sys

import pytest
from sqlalchemy import select

from laptop.processes import ROOT
from service.accounts.api_keys import Scope
from service.inbox.models import Message
from tests.clients.test_client import (  # noqa: F401
    CLIENT,
    address,
    alice,
    bakery,
    compiled,
    filed,
    key_of,
    known,
    line,
    program,
    queries,
    reader,
    signed,
    things,
)
from tests.event_loop import run

mcp = pytest.importorskip("mcp", reason="the extra `mcp` of the client is not installed")


@pytest.fixture
def ask(address, tmp_path):  # noqa: F811
    """Start the server with a key, and have its client do something."""

    def ask(key, talk):
        environ = os.environ | {"PORTLINE_URL": address, "PORTLINE_KEY": key, "PYTHONPATH": f"{CLIENT}:{ROOT}"}
        started = mcp.StdioServerParameters(
            command=sys.executable, args=["-m", "portline_client.mcp_server"], env=environ, cwd=str(tmp_path)
        )

        async def speak():
            async with mcp.stdio_client(started) as streams, mcp.ClientSession(*streams) as session:
                await session.initialize()
                return await talk(session)

        return run(speak())

    return ask


async def _tools(session):
    return {one.name: one for one in (await session.list_tools()).tools}


def test_everything_that_can_be_read_is_a_tool_and_nothing_else(ask, program):  # noqa: F811
    tools = ask(program.key, _tools)
    assert {"workspace_show", "messages_conversations", "calls_listing", "underway_proof"} <= set(tools)
    assert not {"messages_send", "transfers_begin", "drafts_change", "messages_file"} & set(tools)
    assert all(one.annotations.read_only_hint for one in tools.values())
    assert "latest first" in tools["messages_conversations"].description
    assert set(tools["messages_conversations"].input_schema["properties"]) == {"limit", "cursor", "view", "line_id"}


def test_a_key_sees_no_more_than_its_scopes(ask, key_of, program):  # noqa: F811
    tools = ask(key_of("Alice", Scope.CALLS_READ, Scope.MESSAGES_WRITE), _tools)
    assert set(tools) == {"workspace_show", "workspace_lines", "calls_listing", "calls_show", "call_plans_show"}


def test_what_a_tool_answers_is_what_the_api_answers(ask, program, things):  # noqa: F811
    async def talk(session):
        return await session.call_tool("messages_conversation", {"conversation_id": things["conversation_id"]})

    [told] = ask(program.key, talk).content
    assert json.loads(told.text) == program.get(f"/conversations/{things['conversation_id']}").json


def test_a_refusal_is_told_and_nothing_is_written(ask, program, services):  # noqa: F811
    async def talk(session):
        missing = await session.call_tool("messages_conversation", {"conversation_id": 99})
        unknown = await session.call_tool("messages_send", {"to": "+14155550123", "text": "Hi"})
        return missing, unknown

    missing, unknown = ask(program.key, talk)
    assert missing.is_error
    assert "There is no such thing" in missing.content[0].text
    assert unknown.is_error
    with services.sessions() as session:
        assert session.scalars(select(Message)).all() == []
