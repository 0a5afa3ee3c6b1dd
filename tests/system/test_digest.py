"""The day in a few lines."""

from events import Trail


def test_the_digest_names_what_is_open(system):
    account = system.new_account()
    system.send(Trail(account, user="digested").run_instances("p4d.24xlarge"))
    system.settled(account)
    system.slack.forget()
    system.call("daily-digest", {})
    [digest] = system.slack.posted
    assert " open ($" in digest["text"]
    assert "accounts watched" in digest["text"]
