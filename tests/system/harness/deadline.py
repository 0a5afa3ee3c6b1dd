"""Waiting for something to become true, with an end."""

import time

PAUSE = 0.05


class TooLate(AssertionError):
    """It did not become true in time."""


def until(what, probe, seconds=30):
    """The first truthy answer of `probe`; in the end raises, saying what was waited for."""
    end = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TooLate(f"not within {seconds} s: {what}")
        time.sleep(PAUSE)


def stays(what, probe, seconds):
    """Fails as soon as `probe` is false within that time: for what must not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert probe(), what
        time.sleep(PAUSE)
