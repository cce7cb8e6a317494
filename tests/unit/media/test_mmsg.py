"""Many datagrams per system call: what is sent from which slot to whom."""

from __future__ import annotations

import socket

import pytest

from media.worker import mmsg
from media.worker.addresses import sockaddr


@pytest.mark.parametrize(
    ("host", "family", "size"),
    [("127.0.0.1", socket.AF_INET, mmsg.V4_NAME), ("::1", socket.AF_INET6, mmsg.V6_NAME)],
)
def test_every_packet_leaves_its_slot_for_its_own_address(
    host: str, family: socket.AddressFamily, size: int
) -> None:
    batch = mmsg.Batch()
    out = mmsg.Outgoing(batch, size)
    with (
        socket.socket(family, socket.SOCK_DGRAM) as sender,
        socket.socket(family, socket.SOCK_DGRAM) as one,
        socket.socket(family, socket.SOCK_DGRAM) as two,
    ):
        names = []
        for sock in (one, two):
            sock.bind((host, 0))
            sock.settimeout(2)
            names.append(mmsg.Name(sockaddr(sock.getsockname()[:2])))
        # (slot, octets, receiver): headers are used again with other slots, lengths, addresses.
        for plan in (
            [(0, b"a", 0), (1, b"bb", 1)],
            [(7, b"cccc", 1), (0, b"ddd", 0)],
            [(127, b"e" * 1500, 0), (7, b"f", 1)],
        ):
            for j, (slot, data, to) in enumerate(plan):
                at = slot * mmsg.SLOT_SIZE
                batch.data[at : at + len(data)] = data
                out.put(j, slot, len(data), names[to].at)
            assert out.send(sender.fileno(), len(plan)) == len(plan)
            for _, data, to in plan:
                assert (one, two)[to].recv(2048) == data
