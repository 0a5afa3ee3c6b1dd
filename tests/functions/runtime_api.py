"""Lambda's Runtime API for one process on loopback: says when it asks for work, gives it events,
takes its answers."""

import queue
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/2018-06-01/runtime"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:measured"


class RuntimeApi:
    """Every request is put into `seen` as (moment in ns, path, body)."""

    def __init__(self):
        self.seen = queue.SimpleQueue()
        self.events = queue.SimpleQueue()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.api = self
        self.address = "127.0.0.1:%d" % self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *address):
        # Processes are killed while they wait.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def parse_request(self):
        self.moment = time.perf_counter_ns()
        return super().parse_request()

    def do_GET(self):
        self.saw(b"")
        if self.path != f"{PREFIX}/invocation/next":
            return self.answer(404, b"")
        # Like Lambda: no answer until there is an event.
        event = self.server.api.events.get()
        if event is None:
            self.close_connection = True
            return None
        return self.answer(200, event, {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 10_000),
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
        })

    def do_POST(self):
        self.saw(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.answer(202, b"")

    def saw(self, body):
        self.server.api.seen.put((self.moment, self.path, body))

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
