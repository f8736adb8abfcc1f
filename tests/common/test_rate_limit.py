"""Counting requests: a brake for each key, which forgets keys that never come back."""

from directory.common import rate_limit
from directory.common.rate_limit import MOST_KEYS, RateLimit


def test_made_up_keys_are_forgotten_once_their_minute_is_over() -> None:
    now = [0.0]
    limit = RateLimit(2, tick=lambda: now[0])
    for number in range(MOST_KEYS + 5):
        limit.seconds_to_wait(f"made up {number}")

    now[0] = rate_limit.WINDOW_SECONDS + 1
    limit.seconds_to_wait("another")
    limit.seconds_to_wait("and another")

    assert len(limit._windows) <= 2


def test_a_key_is_still_counted_while_there_are_many() -> None:
    limit = RateLimit(2, tick=lambda: 0.0)
    for number in range(MOST_KEYS + 5):
        limit.seconds_to_wait(f"made up {number}")

    assert [limit.seconds_to_wait("one") for _ in range(3)] == [0, 0, 60]
