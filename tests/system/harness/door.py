"""The address at which others find a deployed HTTP API. The emulator tells APIs apart by their names, which
nothing here resolves, or by a longer path, into which no cookie of the app's own paths would go; who
stands here puts the path in."""

from urllib.parse import urlsplit

from harness.passage import Passage, handed_on


class Door(Passage):
    """Passes on to an API, from a free loopback port that is known before there is an API."""

    host, path = None, None

    def leads_to(self, port, api):
        """To the API with this address, at the emulator's port."""
        self.host, self.path = f"127.0.0.1:{port}", f"/_aws/execute-api/{urlsplit(api).hostname.split('.')[0]}/$default"

    def answer(self, method, path, headers, body):
        # Ours says nothing to the emulator.
        headers = {name: value for name, value in headers.items() if name.lower() != "host"}
        return handed_on(self.host, method, f"{self.path}{path}", headers, body)
