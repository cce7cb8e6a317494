"""Which of a user's devices are connected, and what they are called."""

from __future__ import annotations

from gateway.features.devices.service import OnlineDevices
from gateway.ports import UserKey
from tests.support.gateway_platform import Bench

ANNA = UserKey("t1", "anna")


def test_a_device_is_named_while_one_of_its_sockets_lives() -> None:
    online = OnlineDevices()
    assert online.named(ANNA) == ()
    assert online.attach(ANNA, "d1", "tab one", "Chrome")
    assert not online.attach(ANNA, "d1", "tab two", "Chrome")
    online.attach(ANNA, "d2", "app", "Mobile")
    assert online.named(ANNA) == (("d1", "Chrome"), ("d2", "Mobile"))
    assert not online.detach(ANNA, "d1", "tab one")
    assert online.detach(ANNA, "d1", "tab two")
    assert online.named(ANNA) == (("d2", "Mobile"),)
    assert online.named(UserKey("t2", "anna")) == ()


async def test_a_device_keeps_its_name_when_its_old_socket_goes_as_the_new_one_comes(
    bench: Bench,
) -> None:
    features = bench.gateway.features
    grant = await bench.login(name="Anna's laptop")
    actor = await features.sessions.authenticate(grant["access_token"])

    async def come(socket: str) -> None:
        device, name = await features.devices.resolve(actor, grant["device_id"])
        if socket == "new":
            features.devices.detach(actor.user, device, "old")
        features.devices.attach(actor.user, device, socket, name)

    await come("old")
    await come("new")
    assert features.online.named(actor.user) == ((grant["device_id"], "Anna's laptop"),)
