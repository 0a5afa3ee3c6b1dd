"""The local AWS: one ministack process on a free loopback port."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

from harness.deadline import until
from harness.processes import functions, kill

REGION = "us-east-1"
# The account that runs dd0c/cost here. Made up, and not that of any customer in the tests.
OWN_ACCOUNT = "999900001111"


class Emulator:
    """Starts, stops and starts again; what it stored outlives a restart."""

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="dd0c-system-"))
        self.log = self.home / "emulator.log"
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                # Without what stands beside the program among its modules.
                [sys.executable, "-P", Path(__file__).with_name("stricter.py")],
                env=self._environment(),
                cwd=self.home,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until("the emulator answers", self._ready)

    def stop(self):
        """Asks it to end, which makes it write its state, and ends what it left behind."""
        if self.process is None:
            return
        left_behind = functions(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)
        for _, pid in left_behind:
            kill(pid)
        self.process = None

    def restart(self):
        self.stop()
        self._forget_stream_positions()
        self.start()

    def remove(self):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def client(self, service, account=None):
        """A client of the owner, or of another account (its number is its access key)."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=account or "test",
            aws_secret_access_key="test",
            config=Config(retries={"mode": "standard", "max_attempts": 5}, read_timeout=120, max_pool_connections=32),
        )

    def _ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the emulator ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _environment(self):
        temporary, state = self.home / "tmp", self.home / "state"
        temporary.mkdir(exist_ok=True)
        # Functions inherit this environment, so it holds nothing that they are not meant to see.
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(temporary),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            # Both would listen on a fixed port.
            "IOT_MTLS_ENABLED": "false",
            "SFTP_ENABLED": "false",
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": self.endpoint,
            "MINISTACK_ACCOUNT_ID": OWN_ACCOUNT,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "s3"),
            "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
        }

    def _forget_stream_positions(self):
        """ministack keeps how far a stream was read, but not the stream: the first records after a
        restart would be passed over."""
        path = self.home / "state" / "lambda.json"
        state = json.loads(path.read_text())
        state.get("payload", state)["dynamodb_stream_positions"] = {}
        path.write_text(json.dumps(state))


def free_port():
    """Below those that are given to outgoing connections: it has to be free after a restart, too."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no port is free")
