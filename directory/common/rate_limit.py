"""How often somebody may ask, counted in this process: a brake on runaway programs, not a wall."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 60.0
# Of more keys than these those whose minute is over are forgotten: strangers can make up keys that never come back.
MOST_KEYS = 10_000


@dataclass(slots=True)
class RateLimit:
    """At most `per_minute` requests by one key in each minute that begins with its first request."""

    per_minute: int
    tick: Callable[[], float] = time.monotonic
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_to_wait(self, key: str) -> int:
        """Count one request; 0 when it may go on, else after how many seconds to try again."""
        now = self.tick()
        with self._lock:
            began, count = self._windows.get(key, (now, 0))
            if now - began >= WINDOW_SECONDS or len(self._windows) > MOST_KEYS:
                self._forget_before(now)
            if now - began >= WINDOW_SECONDS:
                began, count = now, 0
            self._windows[key] = (began, count + 1)
        return 0 if count < self.per_minute else max(1, round(began + WINDOW_SECONDS - now))

    def _forget_before(self, now: float) -> None:
        self._windows = {key: kept for key, kept in self._windows.items() if now - kept[0] < WINDOW_SECONDS}
