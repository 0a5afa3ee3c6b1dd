"""Zips as Lambda takes them: one executable file named `bootstrap`."""

import io
import os
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAMES = ("event-router", "event-processor", "anomaly-scorer", "notifier", "daily-digest", "account-lifecycle")


def folder():
    return Path(os.environ.get("FUNCTIONS_DIR", ROOT / "target/debug")).resolve()


def missing():
    """Functions of which there is no binary."""
    return [name for name in NAMES if not (folder() / name).is_file()]


def zipped(executable):
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o100755 << 16
    packed = io.BytesIO()
    # Debug binaries are large, and the emulator unpacks them at once.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(entry, Path(executable).read_bytes())
    return packed.getvalue()
