"""The day in a few lines."""

import json

from events import Trail


def test_the_digest_names_what_is_open(system):
    account = system.new_account("initech")
    system.send(Trail(account, user="digested").run_instances("p4d.24xlarge"))
    system.settled(account)
    system.slack.forget()
    system.call("daily-digest", {"tenant": "initech"})
    [digest] = system.slack.posted
    assert "1 anomaly open" in json.dumps(digest)
