#!/usr/bin/env python3
"""Starts the engines that can be had here, each on a free port of this machine only, runs the given
command with their endpoints in its environment, and stops them.

    python3 tests/store/engines.py cargo test -p store-engines

What cannot be had is skipped, with its reason. Everything is written below target/.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target")).resolve()
OLDEST_JAVA = 17
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
SECONDS_TO_FETCH = 600


class Missing(Exception):
    """An engine cannot be had here; says why."""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment = dict(os.environ)
    with ExitStack() as running:
        for name, variable, start in ENGINES:
            if variable in environment:
                continue
            try:
                environment[variable] = running.enter_context(start())
            except Missing as reason:
                print(f"skipped: the store on {name} ({reason})", flush=True)
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)


@contextmanager
def ministack():
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        # Both would listen on a fixed port.
        "IOT_MTLS_ENABLED": "false",
        "SFTP_ENABLED": "false",
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": endpoint,
    }
    with server([program_of_ministack()], settings, f"{endpoint}/_ministack/health"):
        yield endpoint


def program_of_ministack():
    """In the venv of the system test if there is one, else in one of our own."""
    for name in ("venv-system", "venv-store"):
        program = TARGET / name / "bin/ministack"
        if program.exists():
            return program
    try:
        venv.create(TARGET / "venv-store", with_pip=True, clear=True)
        install = [program.with_name("python"), "-m", "pip", "install", "--quiet"]
        fetch([*install, "--requirement", HERE / "requirements.txt"])
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"its venv cannot be made: {error}") from error
    return program


@contextmanager
def dynamodb_local():
    java = java_to_use()
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    library = library_of_dynamodb_local()
    source = HERE / "dynamodb-local/Loopback.java"
    command = [java, f"-Djava.library.path={library}", "-cp", f"{library}/*", source, str(port)]
    with server(command, {}, endpoint):
        yield endpoint


def java_to_use():
    java = shutil.which("java")
    if java is None:
        raise Missing("no Java")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise Missing(f"Java {OLDEST_JAVA} is needed")
    if shutil.which("javac") is None:
        raise Missing("a Java without a compiler")
    return java


def library_of_dynamodb_local():
    """The engine with all that it needs; fetched again when the pom changes."""
    library, wanted = TARGET / "dynamodb-local", HERE / "dynamodb-local/pom.xml"
    noted = library / "pom.xml"
    if noted.exists() and noted.read_text() == wanted.read_text():
        return library
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("no Maven")
    shutil.rmtree(library, ignore_errors=True)
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
    try:
        fetch([maven, "--batch-mode", "--quiet", "--file", wanted, copy, f"-DoutputDirectory={library}"])
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing("Maven cannot fetch it") from error
    shutil.copy(wanted, noted)
    return library


def fetch(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS_TO_FETCH)
    except subprocess.TimeoutExpired as error:
        raise Missing("fetching it takes too long") from error
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        done.check_returncode()


@contextmanager
def server(command, settings, url):
    """A process that has answered and is gone in the end; it sees no more of the environment than
    it needs."""
    with tempfile.TemporaryDirectory(prefix="dd0c-store-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, **settings}
        log = Path(home) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            wait_until_it_answers(process, url, log)
            yield
        finally:
            stop(process)


def wait_until_it_answers(process, url, log):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended at once:\n{log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except urllib.error.HTTPError:
            # It listens; it only does not take such a request.
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{process.args[0]} does not answer:\n{log.read_text()[-2000:]}")


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


ENGINES = [
    ("ministack", "STORE_TEST_MINISTACK", ministack),
    ("DynamoDB Local", "STORE_TEST_DYNAMODB_LOCAL", dynamodb_local),
]

if __name__ == "__main__":
    main()
