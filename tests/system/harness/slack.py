"""A Slack that checks what it is sent as Slack does, and can be in a bad mood."""

import itertools
import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.block_kit import faults

TOKEN = "xoxb-000000000000-system-test-token"


class Slack:
    """Answers on a loopback port. `posted` and `updated` are what it accepted, in order."""

    def __init__(self):
        self.posted, self.updated, self.refused, self.asked = [], [], [], 0
        self.moods, self.numbers, self.lock = deque(), itertools.count(1), threading.Lock()
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self):
        self.thread.start()

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def forget(self):
        with self.lock:
            self.posted.clear(), self.updated.clear(), self.refused.clear(), self.moods.clear()
            self.asked = 0

    def answers(self, *moods):
        """How the next requests end: `429`, `500`, `"hang"`, or `"lost"`, which accepts and does
        not say so. After them all is well again."""
        self.moods.extend(moods)

    def posts(self, word):
        """The accepted posts that contain a word; not the replies in their threads."""
        posts = [each for each in list(self.posted) if "thread_ts" not in each]
        return [each for each in posts if word in json.dumps(each, ensure_ascii=False)]

    def cards(self, word):
        """Each post that contains a word, as it stands after its updates."""
        latest = {each["ts"]: each for each in [*self.posted, *self.updated]}
        return [latest[each["ts"]] for each in self.posts(word)]

    def take(self, path, authorization, kind, body):
        """Status, headers and answer to one request; `None` for none at all."""
        with self.lock:
            self.asked += 1
            mood = self.moods.popleft() if self.moods else None
            if mood == "hang":
                return None
            if mood == 429:
                return 429, {"Retry-After": "1"}, {"ok": False, "error": "ratelimited"}
            if mood == 500:
                return 500, {}, {"ok": False, "error": "internal_error"}
            answer = self._accept(path, authorization, kind, body)
            return None if mood == "lost" else (200, {}, answer)

    def _accept(self, path, authorization, kind, body):
        error, message = self._read(path, authorization, kind, body)
        if error:
            self.refused.append({"path": path, "error": error, "message": message})
            return {"ok": False, "error": error}
        if path == "/chat.update":
            self.updated.append(message)
        else:
            message = {**message, "ts": f"1700000000.{next(self.numbers):06d}"}
            self.posted.append(message)
        return {"ok": True, "channel": message["channel"], "ts": message["ts"], "message": {"text": message["text"]}}

    def _read(self, path, authorization, kind, body):
        if path not in ("/chat.postMessage", "/chat.update"):
            return "unknown_method", None
        if authorization != f"Bearer {TOKEN}":
            return "invalid_auth", None
        if not kind.startswith("application/json"):
            return "invalid_form_data", None
        try:
            message = json.loads(body)
        except ValueError:
            return "invalid_json", None
        if not message.get("channel"):
            return "channel_not_found", message
        if path == "/chat.update" and message.get("ts") not in [each["ts"] for each in self.posted]:
            return "message_not_found", message
        return next(iter(faults(message)), None), message


def handler(slack):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.removeprefix("/api")
            answer = slack.take(path, self.headers.get("Authorization"), self.headers.get("Content-Type", ""), body)
            if answer is None:
                # Whoever asks gives up first.
                slack.released.wait(120)
                self.close_connection = True
                return
            status, headers, content = answer
            packed = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(packed)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, *_):
            pass

    return Handler
