"""The operator's switch: everything is stored and scored, nothing is sent."""

from events import Trail


def test_panic_mode_sends_nothing_and_ends(system):
    quiet, loud = system.new_account(), system.new_account()
    system.call("account-lifecycle", {"task": "panic", "on": True, "by": "operator"})
    try:
        system.send(Trail(quiet, user="unheard-of").run_instances("p4d.24xlarge"))
        system.settled(quiet)
    finally:
        system.call("account-lifecycle", {"task": "panic", "on": False, "by": "operator"})
    assert len(system.items("Anomaly", quiet)) == 1
    system.send(Trail(loud, user="heard-again").run_instances("p4d.24xlarge"))
    assert system.card("heard-again")
    assert not system.slack.posts("unheard-of")
