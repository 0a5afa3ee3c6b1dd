"""A loopback address that hands requests on: known before there is anything behind it."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# They belong to one connection, not to a request.
HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class Passage:
    """Who derives from it says what becomes of a request: `answer(method, path, headers, body)` gives
    status, headers and body."""

    def __init__(self):
        passage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                passage.serve(self)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        status, answered, content = self.answer(request.command, request.path, headers, body)
        request.send_response(status)
        for name, value in answered:
            if name.lower() not in HOP:
                request.send_header(name, value)
        if status not in (204, 304):
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


def handed_on(host, method, path, headers, body):
    """The answer of somebody else on this machine, named `127.0.0.1:<port>`."""
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
