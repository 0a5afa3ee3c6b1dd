"""Built programs: the functions as zips as Lambda takes them, one executable file named `bootstrap`, and
the Slack double."""

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
NO_DOUBLE = "not built: slack-double (cargo build -p slack-double)"


def folder():
    return Path(os.environ.get("FUNCTIONS_DIR", ROOT / "target/debug")).resolve()


def missing():
    """Functions of which there is no binary."""
    return [name for name in NAMES if not (folder() / name).is_file()]


def slack_double():
    """The program that stands for Slack. It is no function: functions built elsewhere go with the usual one."""
    places = [each / "slack-double" for each in (folder(), ROOT / "target/debug")]
    found = next((each for each in places if each.is_file()), None)
    if found is None:
        raise FileNotFoundError(NO_DOUBLE)
    return found


def has_slack_double():
    try:
        return slack_double().is_file()
    except FileNotFoundError:
        return False


def zipped(executable):
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o100755 << 16
    packed = io.BytesIO()
    # Debug binaries are large, and the emulator unpacks them at once.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(entry, Path(executable).read_bytes())
    return packed.getvalue()
