"""Pacing on a virtual clock."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.playout import FRAME_S, Clear, Frame, Mark, Playout

FRAME = b"\x55" * 160


def play(playout: Playout, now: float, until: float, tick: float = 0.001) -> list[tuple[float, object]]:
    """Write whatever is due, looking every `tick` seconds."""
    written: list[tuple[float, object]] = []
    while now <= until:
        while (item := playout.take_due(now)) is not None:
            written.append((now, item))
        now = round(now + tick, 6)
    return written


def test_636_s_of_audio_take_636_s_less_the_lead() -> None:
    playout = Playout(lead_s=0.1)
    assert playout.push([FRAME] * 318, 0) == 318
    written = play(playout, 100.0, 110.0)
    assert len(written) == 318
    took = written[-1][0] - written[0][0]
    assert took == pytest.approx(6.36 - 0.02 - 0.1, abs=0.002)


def test_the_lead_leaves_at_once_and_the_rest_every_20_ms() -> None:
    playout = Playout(lead_s=0.1)
    playout.push([FRAME] * 20, 0)
    times = [at for at, _ in play(playout, 5.0, 6.0)]
    assert times[:6] == [5.0] * 6
    assert [b - a for a, b in pairwise(times[5:])] == pytest.approx([0.02] * 14, abs=0.002)


def test_after_a_stall_overdue_frames_leave_together_and_nothing_drifts() -> None:
    playout = Playout(lead_s=0.1)
    playout.push([FRAME] * 100, 0)
    before = play(playout, 0.0, 0.5)
    after = play(playout, 0.585, 3.0)  # nobody looked for 80 ms
    assert sum(1 for at, _ in after if at == 0.585) == 4
    assert after[-1][0] == pytest.approx(99 * FRAME_S - 0.1, abs=0.002)
    assert len(before) + len(after) == 100


def test_a_full_queue_takes_what_fits_and_says_so() -> None:
    playout = Playout(limit_frames=10)
    assert playout.push([FRAME] * 25, 0) == 10
    assert playout.push([FRAME] * 15, 0) == 0
    assert playout.max_depth == 10


def test_a_mark_leaves_with_the_frame_before_it() -> None:
    playout = Playout(lead_s=0.0)
    playout.push([FRAME] * 3, 0)
    playout.mark("1:7", 7)
    written = play(playout, 0.0, 1.0)
    assert written[-1] == (written[-2][0], Mark("1:7", 7))


def test_clear_forgets_the_queue_and_tells_the_peer_before_anything_else() -> None:
    playout = Playout()
    playout.push([FRAME] * 50, 0)
    play(playout, 0.0, 0.2)
    playout.clear()
    playout.push([b"\x11" * 160], 1)
    written = play(playout, 0.2, 1.0)
    assert [item for _, item in written] == [Clear(), Frame(b"\x11" * 160, 1)]
    assert written[1][0] == 0.2


def test_after_a_pause_a_new_stretch_begins_without_catching_up() -> None:
    playout = Playout(lead_s=0.1)
    playout.push([FRAME] * 10, 0)
    play(playout, 0.0, 1.0)
    playout.push([FRAME] * 10, 1)
    times = [at for at, _ in play(playout, 3.0, 4.0)]
    assert times[0] == 3.0
    assert times[-1] == pytest.approx(3.0 + 9 * FRAME_S - 0.1, abs=0.002)


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0.0, 0.9)), min_size=1, max_size=8))
def test_never_more_than_the_lead_is_ahead_of_the_listener(pushes: list[tuple[int, float]]) -> None:
    playout = Playout(lead_s=0.1)
    now = 0.0
    for count, pause in pushes:
        playout.push([FRAME] * count, 0)
        for at, _ in play(playout, now, now + pause):
            assert playout.heard_until >= at
        now += pause
        assert playout.heard_until - now <= 0.1 + FRAME_S + 0.002
