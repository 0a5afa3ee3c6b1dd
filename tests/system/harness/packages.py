"""Built programs: the functions as zips as Lambda takes them, one executable file named `bootstrap`, and
those that stand for others."""

import io
import os
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAMES = (
    "event-router",
    "event-processor",
    "anomaly-scorer",
    "notifier",
    "clock",
    "daily-digest",
    "slack-app",
    "slack-worker",
    "account-lifecycle",
    "account-worker",
    "api",
    "stripe-webhook",
    "billing-worker",
    "github-oidc",
)
DOUBLES = ("slack-double", "stripe-double", "login-double", "customer-aws")


def folder():
    return Path(os.environ.get("FUNCTIONS_DIR", ROOT / "target/debug")).resolve()


def missing():
    """Functions and doubles of which there is no binary."""
    functions = [name for name in NAMES if not (folder() / name).is_file()]
    return functions + [name for name in DOUBLES if double(name) is None]


def double(name):
    """A program that stands for somebody outside. It is no function: functions built elsewhere go with the
    usual ones."""
    places = [each / name for each in (folder(), ROOT / "target/debug")]
    return next((each for each in places if each.is_file()), None)


def zipped(executable):
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o100755 << 16
    packed = io.BytesIO()
    # Debug binaries are large, and the emulator unpacks them at once.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(entry, Path(executable).read_bytes())
    return packed.getvalue()
