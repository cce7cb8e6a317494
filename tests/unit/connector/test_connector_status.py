"""Status in layers: what follows from an observation."""

from __future__ import annotations

from connector.status import Layer, State, StatusReport, advice, audio_state, voice_state
from media.engine import LegState


def test_since_moves_only_with_the_state() -> None:
    report = StatusReport().observe(Layer.VOICE, State.WORKING, 10.0)
    report = report.observe(Layer.VOICE, State.WORKING, 20.0, "2 of 2")
    row = report.of(Layer.VOICE)
    assert (row.since, row.detail) == (10.0, "2 of 2")
    assert report.observe(Layer.VOICE, State.DOWN, 30.0).of(Layer.VOICE).since == 30.0


def test_what_stands_on_a_failed_layer_is_unknown() -> None:
    report = StatusReport()
    for layer in Layer:
        report = report.observe(layer, State.WORKING, 1.0)
    report = report.observe(Layer.TLS, State.DOWN, 5.0, "certificate has expired")
    assert report.of(Layer.NETWORK).state is State.WORKING
    assert report.of(Layer.KEY).state is State.UNKNOWN
    assert report.of(Layer.REGISTRATION).state is State.UNKNOWN
    assert report.of(Layer.VOICE).state is State.WORKING  # the PBX is another way
    assert report.first_failing == report.of(Layer.TLS)


def test_nothing_fails_at_first() -> None:
    assert StatusReport().first_failing is None
    assert all(row.state is State.UNKNOWN for row in StatusReport().layers)


def test_every_layer_has_advice() -> None:
    assert all(len(advice(layer)) > 20 for layer in Layer)


def test_voice_from_the_lines() -> None:
    assert voice_state(0, 0)[0] is State.UNKNOWN
    assert voice_state(2, 2) == (State.WORKING, "2 of 2 lines registered")
    assert voice_state(1, 2)[0] is State.WEAK
    assert voice_state(0, 2)[0] is State.DOWN


def test_audio_from_a_leg() -> None:
    assert audio_state(LegState.CONNECTED, "") == (State.WORKING, "")
    assert audio_state(LegState.LOST, "silent") == (State.WEAK, "silent")
    assert audio_state(LegState.LOST, "dtls_failed") == (State.WEAK, "dtls_failed")


def test_a_call_that_the_gateway_ends_says_nothing_of_audio() -> None:
    assert audio_state(LegState.LOST, "close_notify") is None
    assert audio_state(LegState.CLOSED, "") is None
