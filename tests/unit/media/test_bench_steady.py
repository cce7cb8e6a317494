"""Which packets the media bench counts as sent while the machine was slow."""

from __future__ import annotations

import numpy as np

from bench.media.run import AFTER_SLOW_US, within


def test_it_counts_by_the_time_of_sending_and_a_while_after() -> None:
    sent = np.array([99, 100, 150, 200, 200 + AFTER_SLOW_US, 201 + AFTER_SLOW_US], dtype=np.int32)
    spans = np.array([[100, 200]], dtype=np.int32)
    assert within(sent, spans).tolist() == [False, True, True, True, True, False]
    assert not within(sent, np.empty((0, 2), dtype=np.int32)).any()
