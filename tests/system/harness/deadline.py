"""Waiting for something to become true, with an end."""

import time

# What comes soon is seen soon, and what takes longer is not asked for all the time: the API takes 300
# requests a minute from one caller.
PAUSE, LONGEST = 0.05, 0.5
# For what comes within seconds, and on a busy machine after its third try a minute apart.
PATIENCE = 180


class TooLate(AssertionError):
    """It did not become true in time."""


def until(what, probe, seconds=PATIENCE):
    """The first truthy answer of `probe`; in the end raises, saying what was waited for."""
    end, pause = time.monotonic() + seconds, PAUSE
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TooLate(f"not within {seconds} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.2, LONGEST)


def stays(what, probe, seconds):
    """Fails as soon as `probe` is false within that time: for what must not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert probe(), what
        time.sleep(PAUSE)
