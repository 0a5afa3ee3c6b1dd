#!/usr/bin/env python3
"""Start time and memory of the built functions, beside Node and Python, in one run.

    measure.py [FOLDER] [--runs 15] [--json FILE]

FOLDER is what `cargo lambda build` writes (default: target/lambda): a folder for each function
with `bootstrap` or `bootstrap.zip`, or files NAME, NAME.zip. Time counts from the start of the
process until its first request for an event; `cpu` is what its threads computed in that time,
which a busy machine changes least; memory is its peak until then (VmHWM). Each round starts every
candidate once, so that a busy machine slows all of them. Compare within one run.
"""

import argparse
import io
import json
import os
import platform
import queue
import shutil
import signal
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from runtime_api import PREFIX, RuntimeApi

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Patience with a process that never asks for an event; no measure.
PATIENCE = 20
MACHINES = {62: "x86_64", 183: "aarch64"}
PLAIN = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    # A closed port: whoever needs AWS before the first event fails here.
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_GROUP_NAME": "measured",
    "AWS_LAMBDA_LOG_STREAM_NAME": "measured",
    "PATH": os.environ.get("PATH", ""),
}


class Candidate:
    def __init__(self, name, command, variables=(), size=None, kind="function"):
        self.name, self.command, self.size, self.kind = name, command, size, kind
        self.environment = {**PLAIN, **{variable: value(variable) for variable in variables}}
        self.runs = []


def value(variable):
    if variable.endswith("_PER_MINUTE"):
        return "1000"
    return f"http://127.0.0.1:9/{variable}" if variable.endswith("_URL") else variable.lower()


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?", type=Path, default=ROOT / "target/lambda")
    options.add_argument("--runs", type=int, default=15)
    options.add_argument("--json", type=Path, help="where to write the figures")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as unpacked:
        candidates = functions(options.folder, Path(unpacked))
        if not candidates:
            sys.exit(f"no functions in {options.folder}: run cargo lambda build --profile lambda")
        candidates += others()
        started = [each for each in candidates if each.command]
        for each in started:
            # Files come into the page cache; who answers shows that it works.
            start(each, check=each.kind != "function")
        for _ in range(options.runs):
            for each in started:
                each.runs.append(start(each))
    figures = [summary(each) for each in candidates]
    table(figures)
    text = json.dumps({"machine": platform.machine(), "runs": options.runs, "figures": figures})
    if options.json:
        options.json.write_text(text + "\n")
    else:
        print(text)


def functions(folder, unpacked):
    contract = json.loads((ROOT / "infra-cdk/contract.json").read_text())["functions"]
    found = []
    for name, needs in contract.items():
        places = [folder / name / "bootstrap", folder / name]
        binary = next((place for place in places if place.is_file()), None)
        zips = [folder / name / "bootstrap.zip", folder / f"{name}.zip"]
        packed = next((place for place in zips if place.is_file()), None)
        if packed:
            binary = Path(zipfile.ZipFile(packed).extract("bootstrap", unpacked / name))
            binary.chmod(0o755)
        if not binary:
            print(f"skipped: {name}: nothing built in {folder}")
            continue
        size = packed.stat().st_size if packed else deflated(binary)
        machine = MACHINES.get(int.from_bytes(binary.read_bytes()[18:20], "little"), "another machine")
        command = [str(binary)]
        if machine != platform.machine():
            print(f"not started: {name}: it is built for {machine}")
            command = None
        found.append(Candidate(name, command, needs["environment"], size))
    return found


def deflated(binary):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binary, "bootstrap")
    return packed.tell()


def others():
    scripts = {"node": HERE / "hello/hello.mjs", "python3": HERE / "hello/hello.py"}
    found = []
    for program, script in scripts.items():
        path = sys.executable if program == "python3" else shutil.which(program)
        if path:
            found.append(Candidate(f"{program} hello", [path, str(script)], kind=program))
        else:
            print(f"skipped: {program} is not installed")
    return found


def start(candidate, check=False):
    """Starts it, and ends it when it has asked for an event: (milliseconds, those on a CPU, KiB)."""
    with RuntimeApi() as api:
        environment = {**candidate.environment, "AWS_LAMBDA_RUNTIME_API": api.address}
        with tempfile.TemporaryFile() as output:
            quiet = [(os.POSIX_SPAWN_DUP2, output.fileno(), stream) for stream in (1, 2)]
            begun = time.perf_counter_ns()
            pid = os.posix_spawn(candidate.command[0], candidate.command, environment, file_actions=quiet)
            try:
                moment = asked(api, f"{PREFIX}/invocation/next")[0]
                used, peak = cpu_milliseconds(pid), peak_kibibytes(pid)
                if check:
                    api.events.put(b'{"name": "world"}')
                    _, path, body = asked(api, f"{PREFIX}/invocation/")
                    assert path.endswith("/response") and json.loads(body) == {"hello": "world"}, (path, body)
            except (queue.Empty, AssertionError) as error:
                output.seek(0)
                said = output.read().decode(errors="replace")
                sys.exit(f"{candidate.name} does not serve: {error!r}\n{said}")
            finally:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
    return (moment - begun) / 1e6, used, peak


def asked(api, beginning):
    request = api.seen.get(timeout=PATIENCE)
    assert request[1].startswith(beginning), request
    return request


def cpu_milliseconds(pid):
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def peak_kibibytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


def summary(candidate):
    figures = {"name": candidate.name, "kind": candidate.kind, "zip_bytes": candidate.size}
    if candidate.runs:
        times, cpu, peaks = (sorted(column) for column in zip(*candidate.runs))
        figures["start_ms_least"] = round(times[0], 2)
        figures["start_ms_median"] = round(statistics.median(times), 2)
        figures["start_ms_p90"] = round(times[min(len(times) - 1, int(len(times) * 0.9))], 2)
        figures["cpu_ms_median"] = round(statistics.median(cpu), 2)
        figures["peak_kib_median"] = round(statistics.median(peaks))
    return figures


def table(figures):
    kinds = [each for each in figures if each["kind"] != "function"]
    heads = "".join(f"{'× ' + each['kind']:>11}" for each in kinds)
    print(f"{'':<18}{'start ms':>10}{'least':>8}{'p90':>8}{'cpu ms':>8}{'peak MiB':>10}{'zip MB':>8}{heads}")
    for each in figures:
        size = f"{each['zip_bytes'] / 1e6:.2f}" if each["zip_bytes"] else ""
        if "start_ms_median" not in each:
            print(f"{each['name']:<18}{'':>44}{size:>8}")
            continue
        times = "".join(f"{each[name]:>8.2f}" for name in ("start_ms_least", "start_ms_p90", "cpu_ms_median"))
        ratios = "".join(f"{other['start_ms_median'] / each['start_ms_median']:>11.1f}" for other in kinds)
        print(f"{each['name']:<18}{each['start_ms_median']:>10.2f}{times}"
              f"{each['peak_kib_median'] / 1024:>10.1f}{size:>8}{ratios}")


if __name__ == "__main__":
    main()
