"""Only public addresses are connected to."""

import socket

import pytest

from service.team_notices.ssrf import PrivateAddress, is_public, public_addresses_only


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_outside(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fec0::1",
        "64:ff9b:1::a00:1",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.7",
        "64:ff9b::a00:7",
        "2002:a00:7::1",
        "localhost",
    ],
)
def test_everything_else_is_not(address):
    assert not is_public(address)


def test_a_connection_inwards_is_refused_and_told_of():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        public_addresses_only() as watch,
        pytest.raises(PrivateAddress),
    ):
        socket.create_connection(server.getsockname())
    assert watch.refused


def test_afterwards_and_elsewhere_connections_go_where_they_like():
    with public_addresses_only() as watch:
        pass
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    assert not watch.refused
