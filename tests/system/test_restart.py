"""Everything stops in the middle and goes on where it was."""

from events import Trail


def test_killed_functions_lose_and_repeat_nothing(system):
    account = system.new_account()
    trail = Trail(account, user="survivor")
    for _ in range(5):
        system.send(*(trail.create_volume(100) for _ in range(4)))
        system.kill_all()
    system.send(trail.run_instances("p4d.24xlarge"))
    system.settled(account)
    assert sorted(each["number"] for each in system.items("CostEvent", account)) == list(range(1, 22))
    assert system.card("survivor")


def test_a_restart_of_everything_goes_on_from_the_queues(system):
    account = system.new_account()
    trail = Trail(account, user="phoenix")
    system.send(*(trail.create_volume(100) for _ in range(20)))
    system.restart()
    # The emulator forgets what its stream had not given yet; the next event brings it up to date.
    system.send(trail.run_instances("p4d.24xlarge"))
    system.settled(account)
    assert sorted(each["number"] for each in system.items("CostEvent", account)) == list(range(1, 22))
    assert system.card("phoenix")
