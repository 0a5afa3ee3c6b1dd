"""An AWS of our own on a free loopback port, for as long as a test needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import boto3


class Emulator:
    def __init__(self, url: str):
        self.url = url

    def client(self, service: str, region: str):
        return boto3.client(
            service, region_name=region, endpoint_url=self.url,
            aws_access_key_id="test", aws_secret_access_key="test",
        )


@contextmanager
def running(log: Path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": url,
    }
    command = [Path(sys.executable).with_name("ministack")]
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, cwd=log.parent, stdout=output, stderr=output)
    try:
        wait_until_ready(server, url, log)
        yield Emulator(url)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(server: subprocess.Popen, url: str, log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"ministack ended at once:\n{log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"ministack does not answer:\n{log.read_text()[-2000:]}")
