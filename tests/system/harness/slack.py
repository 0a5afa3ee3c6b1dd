"""A Slack that checks what it is sent as Slack does, acts as people, and can be in a bad mood: the
program `slack-double`, steered by HTTP."""

import json

from harness.double import Double

TOKEN, TEAM, CHANNEL = "xoxb-double-0123456789", "T0DOUBLE", "C0DOUBLE"
# What the app is known by there.
APP = {
    "client_id": "1234567890.0987654321",
    "client_secret": "double-client-secret",
    "signing_secret": "double-signing-secret",
}
MOODS = {
    429: {"rate_limited": "1"},
    500: {"status": [500, '{"ok":false,"error":"internal_error"}']},
    "hang": "silence",
    "lost": "lost",
}


class Slack(Double):
    program = "slack-double"

    # What it was asked

    posted = property(lambda self: self._record()["posted"])
    updated = property(lambda self: self._record()["updated"])
    refused = property(lambda self: self._record()["refused"])
    asked = property(lambda self: self._record()["asked"])
    # How many of them open anything, by workspace.
    tokens = property(lambda self: self._record()["tokens"])

    def posts(self, word):
        """The accepted posts that contain a word; not the replies in their threads."""
        return posts_of(self._record(), word)

    def cards(self, word):
        """Each post that contains a word, as it stands after its updates."""
        record = self._record()
        latest = {each["ts"]: each for each in [*record["posted"], *record["updated"]]}
        return [latest[each["ts"]] for each in posts_of(record, word)]

    def messages(self):
        """All that stands in its channels, also what only one person sees."""
        return self._look("messages")

    def whispers(self, channel):
        """What the app has answered in a channel to one person alone, as texts with their blocks."""
        there = [each for each in self.messages() if each["channel"] == channel and each["ephemeral_to"]]
        return [json.dumps(each, ensure_ascii=False) for each in there if each["author"] == "app"]

    def thread(self, card):
        """The answers under a card, in their order."""
        return [each["text"] for each in self.messages() if each["thread_ts"] == card["ts"]]

    def exchanges(self):
        """What it sent to the app, with status, outcome and milliseconds."""
        return self._look("exchanges")

    def forget(self):
        """Forgets what it was asked and how it was to answer; messages that stand can still be changed."""
        self._steer("forget")

    # How it behaves

    def answers(self, *moods):
        """How the next requests end: `429`, `500`, `"hang"`, or `"lost"`, which accepts and does
        not say so. After them all is well again."""
        self._steer("faults", [MOODS[mood] for mood in moods])

    def misbehaves(self, *mischief):
        """How the next requests to the app go wrong: `"forged"`, `"unsigned"`, `{"late": 301}`,
        `"truncated"`, `"cut_on_the_way"`, `"twice"`."""
        self._steer("misbehave", list(mischief))

    def settings(self, **changes):
        """`app_url`, `enforce_rate`, `time_limit_millis`, `advance` (seconds)."""
        self._steer("settings", changes)

    # What people do

    def install(self, team=TEAM, channel=CHANNEL, **more):
        """Without any page; gives team, channel, token and webhook_url."""
        return self._steer("install", {"team": team, "channel": channel, **more})

    def allow(self, url, team=TEAM, channel=CHANNEL):
        """Somebody allows the installation that this page asks for; gives where it leads to."""
        return self._steer("allow", {"url": url, "team": team, "channel": channel})

    def click(self, user, channel, ts, action_id):
        return self._steer("click", {"user": user, "channel": channel, "ts": ts, "action_id": action_id})

    def command(self, user, channel, text):
        return self._steer("command", {"user": user, "channel": channel, "text": text})

    def event(self, event, team=TEAM):
        """All tries of it."""
        return self._steer("event", {"team": team, "event": event})

    def verify_url(self):
        return self._steer("verify-url")

    def uninstall(self, team=TEAM):
        return self._steer("uninstall", {"team": team})

    def replay(self):
        """The last request to the app again, to the byte."""
        return self._steer("replay")

    def _record(self):
        return self._look("record")


def posts_of(record, word):
    posts = [each for each in record["posted"] if "thread_ts" not in each]
    return [each for each in posts if word in json.dumps(each, ensure_ascii=False)]
