"""The private names of pinned libraries that the media plane leans on still mean what they did."""

from __future__ import annotations

import inspect

from aioice import Connection, ice

from media.worker import mmsg
from media.worker.srtp import IN_PLACE, SlotPointers, SrtpContext, raw_protect, raw_unprotect
from protocols.rtp.packet import RtpPacket
from protocols.rtp.srtp import DTLS_PROFILES, SDES_PROFILES, MasterKeys


def test_srtp_in_place_agrees_with_the_public_calls() -> None:
    assert IN_PLACE
    batch = mmsg.Batch()
    slots = SlotPointers(batch.data, mmsg.SLOTS, mmsg.SLOT_SIZE)
    for profile in {*DTLS_PROFILES, *SDES_PROFILES}:
        one, two = b"1" * profile.master_length, b"2" * profile.master_length
        near = SrtpContext(MasterKeys(profile, local=one, remote=two))
        far = SrtpContext(MasterKeys(profile, local=two, remote=one))
        for number in range(3):
            packet = RtpPacket(8, number, 160 * number, 7, b"payload" * 20).to_bytes()
            start = 5 * mmsg.SLOT_SIZE
            batch.data[start : start + len(packet)] = packet
            cell = slots.length_cells[5]
            cell[0] = len(packet)
            assert raw_protect(near.tx, slots.pointers[5], cell) == 0
            assert cell[0] > len(packet)
            if number == 1:
                assert far.unprotect(slots, 5, cell[0]) == len(packet)
            else:
                assert raw_unprotect(far.rx, slots.pointers[5], cell) == 0
                assert cell[0] == len(packet)
            assert bytes(batch.data[start : start + len(packet)]) == packet
            # The same packet again is a replay, a changed one a forgery: both are refused.
            assert raw_unprotect(far.rx, slots.pointers[5], cell) != 0


async def test_aioice_still_has_what_the_guard_uses() -> None:
    connection = Connection(ice_controlling=True)
    assert connection._protocols == [] and connection._check_list == []
    assert connection._nominated == {}
    assert ice.CandidatePair.State.SUCCEEDED.name == "SUCCEEDED"
    source = inspect.getsource(ice.StunProtocol.datagram_received)
    assert "self.receiver.data_received" in source  # what the guard stands before
    await connection.close()
