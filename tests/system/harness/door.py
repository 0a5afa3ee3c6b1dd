"""The address at which Slack and browsers find the deployed door. The emulator tells APIs apart by their
names, which nothing here resolves, or by a longer path, into which no cookie of the app's own paths would
go; who stands here puts the path in."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# They belong to one connection, not to a request.
HOP = ("connection", "host", "keep-alive", "transfer-encoding", "content-length")


class Door:
    """Passes on to an API, from a free loopback port that is known before there is an API."""

    def __init__(self):
        self.port, self.path = None, None
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                door.pass_on(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def leads_to(self, port, api):
        """To the API with this address, at the emulator's port."""
        self.port, self.path = port, f"/_aws/execute-api/{urlsplit(api).hostname.split('.')[0]}/$default"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def pass_on(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(request.command, f"{self.path}{request.path}", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)
