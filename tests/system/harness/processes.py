"""The functions' processes: children of the emulator, told apart by their environment."""

import os
import signal
from pathlib import Path

GONE = (FileNotFoundError, PermissionError, ProcessLookupError)


def functions(emulator):
    """Pairs of function name and process id."""
    return [(name, pid) for pid in children(emulator) if (name := function_name(pid))]


def children(parent):
    """Process ids of the direct children."""
    numbers = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
    return [pid for pid in numbers if parent_of(pid) == parent]


def parent_of(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except GONE:
        return None
    # The name in parentheses may hold spaces; state and parent follow it.
    return int(stat.rpartition(")")[2].split()[1])


def function_name(pid):
    mark = b"AWS_LAMBDA_FUNCTION_NAME="
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except GONE:
        return None
    return next((each[len(mark):].decode() for each in variables if each.startswith(mark)), None)


def kill(pid):
    """As when a machine goes away: no handler runs."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
