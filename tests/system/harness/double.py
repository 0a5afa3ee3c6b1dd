"""A program of tests/support that stands for somebody outside: it checks what it is sent as they do, and is
steered by HTTP."""

import json
import subprocess
import urllib.error
import urllib.request

from harness import packages


class Double:
    """Answers on a free loopback port, from the first question for its address on."""

    program = None

    def __init__(self, *arguments):
        self.arguments, self.process, self.said = arguments, None, {}

    @property
    def url(self):
        self.start()
        return self.said["url"]

    def start(self):
        """Does nothing when it runs already."""
        if self.process is not None:
            return
        # It ends with its input too, so it does not outlive whoever is killed here.
        command = [packages.double(self.program), "--until-eof", *self.arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = json.loads(self.process.stdout.readline())

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(10)
        self.process.stdin.close(), self.process.stdout.close()
        self.process = None

    def _look(self, what):
        with urllib.request.urlopen(f"{self.url}/control/{what}", timeout=60) as answer:
            return json.load(answer)

    def _steer(self, what, content=None):
        body, headers = json.dumps(content or {}).encode(), {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/control/{what}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(f"{what}: {error.read().decode()}") from error
