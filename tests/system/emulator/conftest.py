"""An emulator for each test."""

import pytest

from emulator.probe import Probe
from harness.emulator import Emulator


@pytest.fixture
def emulator():
    emulator = Emulator()
    try:
        emulator.start()
        yield emulator
    finally:
        emulator.remove()


@pytest.fixture
def probe(emulator):
    return Probe(emulator)
