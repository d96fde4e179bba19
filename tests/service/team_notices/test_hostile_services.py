"""A service at a member's address that floods, trickles, keeps silent or leads elsewhere costs little."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy import text

from service.queue import TRIES
from service.team_notices import handing_over
from service.team_notices.channels import add_channel, choose, turn_on_again
from service.team_notices.delivery import NotDelivered, deliver_by_mail, deliver_to_channel
from service.team_notices.handing_over import LARGEST_ANSWER, Handover, Trouble, hand_over
from service.team_notices.models import TeamChannel, TeamEvent
from service.team_notices.ssrf import PrivateAddress, public_addresses_only
from service.team_notices.turns import Turn, Turns

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
FLOOD = 400 * 1024 * 1024


def floods(connection):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % FLOOD)
    block = b"x" * 65536
    for _ in range(FLOOD // len(block)):
        connection.sendall(block)
        yield len(block)


def trickles(connection):
    connection.sendall(HEAD)
    while True:
        connection.sendall(b"X-Slow: 1\r\n")
        time.sleep(0.2)
        yield 11


def keeps_silent(connection):
    connection.settimeout(30)
    while connection.recv(65536):
        yield 0


def leads_here(connection):
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    yield 0


@contextmanager
def standing(behavior):
    """A server that answers each connection so, and counts the bytes it got rid of."""
    sent = []

    def answer(connection):
        with connection:
            connection.recv(65536)
            try:
                sent.extend(behavior(connection))
            except OSError:
                return

    def listen():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            Thread(target=answer, args=[connection], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=listen, daemon=True).start()
        yield f"json://127.0.0.1:{server.getsockname()[1]}/hook", sent
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("behavior", [trickles, keeps_silent])
def test_a_service_that_does_not_come_to_an_end_is_left(behavior, monkeypatch):
    monkeypatch.setattr(handing_over, "BOUNDS", replace(handing_over.BOUNDS, seconds=3.0))
    began = time.monotonic()
    with standing(behavior) as (url, _):
        assert hand_over(Handover(url, "Missed call", "Hello", private=True)) is Trouble.TOO_MUCH
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_cut_off():
    with standing(floods) as (url, sent):
        assert hand_over(Handover(url, "Missed call", "Hello", private=True)) is Trouble.TOO_MUCH
    assert sum(sent) < 20 * LARGEST_ANSWER


def test_a_service_that_leads_in_a_circle_is_not_reached():
    with standing(leads_here) as (url, _):
        assert hand_over(Handover(url, "Missed call", "Hello", private=True)) is Trouble.NOT_REACHED


def test_a_public_service_that_leads_into_a_private_network_is_not_followed(hook):
    def leads_inside(connection):
        target = hook.url.replace("json:", "http:").encode()
        connection.sendall(b"HTTP/1.1 307 Found\r\nLocation: " + target + b"\r\nContent-Length: 0\r\n\r\n")
        yield 0

    with standing(leads_inside) as (url, _):
        assert hand_over(Handover(url, "Missed call", "Hello", private=False)) is Trouble.PRIVATE
    assert hook.taken == []


def test_a_name_that_resolves_to_another_address_the_next_time_leads_nowhere(monkeypatch):
    answers = iter(["8.8.8.8", "127.0.0.1"])

    def resolved(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 9))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert socket.getaddrinfo("rebinding.example", 9)[0][4] == ("8.8.8.8", 9)
    with public_addresses_only() as guard, pytest.raises(PrivateAddress):
        socket.create_connection(("rebinding.example", 9))
    assert guard.refused


def test_a_thread_that_a_library_starts_is_guarded_too():
    with public_addresses_only(), ThreadPoolExecutor(1) as threads, pytest.raises(PrivateAddress):
        threads.submit(socket.create_connection, ("127.0.0.1", 9)).result()


@pytest.fixture
def at_home(services):
    """An installation whose customers may have their hooks in private networks."""
    return replace(services, settings=replace(services.settings, notices_into_private_networks=True))


@pytest.fixture
def channel(at_home, alice, line, hook):
    with at_home.sessions.begin() as session:
        channel = add_channel(session, at_home, alice, hook.url)
        choose(session, alice, line, {TeamEvent.MISSED_CALL: [str(channel.id)]})
    return channel


def jobs(services, task):
    waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'")
    with services.sessions() as session:
        return session.scalar(waiting, {"task": task})


def test_notices_wait_as_rows_and_not_as_jobs(at_home, happens, channel, hook):
    for call in range(30):
        happens(TeamEvent.MISSED_CALL, reference=f"call:{call}")
    assert jobs(at_home, "deliver_to_channel") == 1
    deliver_to_channel(at_home, channel_id=channel.id)
    assert len(hook.taken) == 1


def test_nor_does_slow_mail_fill_the_queue(services, happens, alice):
    for call in range(30):
        happens(TeamEvent.MISSED_CALL, reference=f"call:{call}")
    assert jobs(services, "deliver_by_mail") == 1


def test_a_channel_that_keeps_failing_is_switched_off_and_its_member_is_told(
    at_home, happens, channel, hook, alice, mailbox
):
    happens(TeamEvent.MISSED_CALL)
    hook.answer = 500
    for _ in range(TRIES - 1):
        with pytest.raises(NotDelivered):
            deliver_to_channel(at_home, channel_id=channel.id)
    deliver_to_channel(at_home, channel_id=channel.id)
    deliver_by_mail(at_home, member_id=alice.id)
    assert mailbox.mails[-1].subject == "JSON no longer accepts your notifications"
    assert "/team/notices?workspace=" in mailbox.mails[-1].text
    hook.taken.clear()
    happens(TeamEvent.MISSED_CALL, reference="call:2")
    deliver_to_channel(at_home, channel_id=channel.id)
    assert hook.taken == []


def test_one_that_is_turned_on_again_is_used_again(at_home, happens, channel, hook, alice):
    with at_home.sessions.begin() as session:
        session.get(TeamChannel, channel.id).off_at = channel.made_at
        turn_on_again(session, alice, channel.id)
    deliver_to_channel(at_home, channel_id=channel.id)
    assert [taken["title"] for taken in hook.taken] == ["This is how Portline reaches you"]


def test_a_workspace_and_a_host_hold_few_threads_of_the_lane():
    turns = Turns()
    with turns.take(Turn(1, "slow.example")) as first, turns.take(Turn(1, "other.example")) as same_workspace:
        assert (first, same_workspace) == (True, False)
        with turns.take(Turn(2, "slow.example")) as second, turns.take(Turn(3, "slow.example")) as same_host:
            assert (second, same_host) == (True, False)
            with turns.take(Turn(3, "quick.example")) as another:
                assert another
    with turns.take(Turn(3, "slow.example")) as later:
        assert later


def test_a_second_notice_of_a_workspace_waits_its_turn_in_the_queue(at_home, happens, channel, alice, line):
    """While a slow service of the workspace holds its turn, the job comes back in five seconds."""
    happens(TeamEvent.MISSED_CALL)
    over = Event()

    def waits(_):
        over.wait()
        yield 0

    with standing(waits) as (url, _), ThreadPoolExecutor(1) as threads:
        with at_home.sessions.begin() as session:
            slow = add_channel(session, at_home, alice, url)
            choose(session, alice, line, {TeamEvent.MISSED_CALL: [str(slow.id)]})
        happens(TeamEvent.MISSED_CALL, reference="call:2")
        slowly = threads.submit(deliver_to_channel, at_home, channel_id=slow.id)
        time.sleep(0.3)
        before = jobs(at_home, "deliver_to_channel")
        deliver_to_channel(at_home, channel_id=channel.id)
        assert jobs(at_home, "deliver_to_channel") == before + 1
        over.set()
        with pytest.raises(NotDelivered):
            slowly.result()
