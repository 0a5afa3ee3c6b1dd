"""Slack is busy, broken or silent: the card comes once, when it can."""

import pytest

from events import Trail


@pytest.mark.parametrize("mood", [429, 500, "hang"])
def test_the_card_arrives_once(system, mood):
    account = system.new_account()
    system.slack.answers(mood, mood)
    system.send(Trail(account, user=f"patient-{mood}").run_instances("p4d.24xlarge"))
    assert system.card(f"patient-{mood}", seconds=300)
    system.settled(account, seconds=300)
    assert len(system.slack.posts(f"patient-{mood}")) == 1
    assert system.slack.asked >= 3


def test_a_message_that_slack_took_without_saying_so_is_at_most_doubled(system):
    account = system.new_account()
    system.slack.answers("lost")
    system.send(Trail(account, user="unheard").run_instances("p4d.24xlarge"))
    system.settled(account, seconds=300)
    assert 1 <= len(system.slack.posts("unheard")) <= 2


def test_a_storm_of_refusals_loses_nothing(system):
    account = system.new_account()
    system.slack.answers(*[429] * 10)
    users = [f"stormed-{nth}" for nth in range(3)]
    system.send(*(Trail(account, user=user).run_instances("p4d.24xlarge") for user in users))
    for user in users:
        assert system.card(user, seconds=300)
    system.settled(account, seconds=300)
    assert [len(system.slack.posts(user)) for user in users] == [1, 1, 1]
    assert not system.queues.depth("ALERT_DLQ_URL")
