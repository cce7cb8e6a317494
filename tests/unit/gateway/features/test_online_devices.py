"""Which of a user's devices are connected, and what they are called."""

from __future__ import annotations

from gateway.features.devices.service import OnlineDevices
from gateway.ports import UserKey

ANNA = UserKey("t1", "anna")


def test_a_device_is_named_while_one_of_its_sockets_lives() -> None:
    online = OnlineDevices()
    for device, name in (("d1", "Chrome"), ("d2", "Mobile")):
        online.learn_name(device, name)
    assert online.named(ANNA) == ()
    assert online.attach(ANNA, "d1", "tab one") and not online.attach(ANNA, "d1", "tab two")
    online.attach(ANNA, "d2", "app")
    assert online.named(ANNA) == (("d1", "Chrome"), ("d2", "Mobile"))
    assert not online.detach(ANNA, "d1", "tab one")
    assert online.detach(ANNA, "d1", "tab two")
    assert online.named(ANNA) == (("d2", "Mobile"),)
    assert online.named(UserKey("t2", "anna")) == ()
