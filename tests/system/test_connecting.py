"""From a link to an account that is watched: the customer's stack, its call-back, the look at its role."""

from datetime import datetime, timedelta, timezone

from events import Trail
from harness.browser import Browser, ended
from harness.deadline import stays, until


def let_into_slack(system, person):
    """As somebody does on the dashboard; his workspace and channel."""
    team, channel = system.new_workspace()
    answer = person.post("/v1/slack/install")
    assert answer.status == 201, answer
    system.states.append(answer.body["url"].partition("state=")[2])
    assert ended(Browser().allow(answer.body["url"], team, channel)) == "connected"
    return channel


def test_from_the_link_to_the_first_card(system):
    person = system.new_person()
    channel = let_into_slack(system, person)
    setup, stack = system.begin_setup(person), system.new_stack()
    assert setup["stage"] == "waiting"
    system.customers.has_stack(stack.account, setup["externalId"])
    assert stack.create(setup["quickCreateUrl"]) == "CREATE_COMPLETE", stack.reasons()
    assert system.reaches(person, setup, "connected")["accountId"] == stack.account

    # Without an external id, with one that is not ours, and with ours, in whatever order.
    judged = {(external_id == setup["externalId"], status) for external_id, status in system.customers.tries(stack.account)}
    assert {(False, 403), (True, 200)} == judged
    assert (None, 403) in system.customers.tries(stack.account)
    until("it was looked at", lambda: health(person, stack).get("checkedAt"))
    found = person.get(f"/v1/accounts/{stack.account}").body
    assert (found["status"], found["findings"]) == ("active", 0), health(person, stack)

    # What was before an account was connected is part of its past.
    system.send(Trail(stack.account, user="first-day", begin=datetime.now(timezone.utc)).run_instances("p4d.24xlarge", 2))
    card = system.card("first-day")
    assert card["channel"] == channel
    system.settled(stack.account)
    [anomaly] = person.get("/v1/anomalies").body["items"]
    assert anomaly["accountId"] == stack.account
    assert system.new_person().get(f"/v1/anomalies/{anomaly['id']}").status == 404


def health(person, stack):
    return person.get(f"/v1/accounts/{stack.account}/health").body


def test_what_was_there_before_is_searched_and_rehearsed(system):
    person = system.new_person()
    setup, stack = system.begin_setup(person), system.new_stack()
    system.customers.has_stack(stack.account, setup["externalId"])
    system.customers.played.zombies(stack.account)
    last_week = Trail(stack.account, region="us-east-1", user="long-ago", begin=datetime.now(timezone.utc) - timedelta(days=7))
    system.customers.played.remember(stack.account, "us-east-1", [last_week.run_instances("p4d.24xlarge")])
    assert stack.create(setup["quickCreateUrl"]) == "CREATE_COMPLETE", stack.reasons()
    system.reaches(person, setup, "connected")
    until("zombies are found", lambda: person.get("/v1/zombies").body.get("items"))
    rehearsal = until("the past is rehearsed", lambda: rehearsed(person, stack))
    assert rehearsal["bySeverity"] and "long-ago" in rehearsal["dearest"][0]["text"], rehearsal
    # Nobody is told of what is long over.
    stays("nobody is told", lambda: not system.slack.cards("long-ago"), seconds=1)


def rehearsed(person, stack):
    answer = person.get(f"/v1/accounts/{stack.account}/rehearsal")
    return answer.body if answer.status == 200 and answer.body["progress"]["finishedAt"] else None


def test_a_role_that_opens_without_the_external_id_is_refused_and_not_kept(system):
    person = system.new_person()
    setup, stack = system.begin_setup(person), system.new_stack()
    system.customers.has_stack(stack.account, setup["externalId"])
    system.customers.played.fault(stack.account, "open_without_external_id")
    assert stack.create(setup["quickCreateUrl"], open_to_all_of_us) == "CREATE_COMPLETE", stack.reasons()
    refused = system.reaches(person, setup, "refused")
    assert refused["findings"], refused
    assert person.get("/v1/accounts").body["items"] == []
    assert not system.naming(f"arn:aws:iam::{stack.account}")
    system.send(Trail(stack.account, user="not-watched").run_instances("p4d.24xlarge"))
    assert not system.items("CostEvent", stack.account)
    # Put right, and made anew from the same link.
    assert stack.delete() == "DELETE_COMPLETE", stack.reasons()
    system.customers.has_stack(stack.account, setup["externalId"])
    assert stack.create(setup["quickCreateUrl"]) == "CREATE_COMPLETE", stack.reasons()
    assert system.reaches(person, setup, "connected")["accountId"] == stack.account


def open_to_all_of_us(template):
    """As somebody might change it."""
    [trust] = template["Resources"]["ReadOnlyRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    del trust["Condition"]
    return template


def test_a_link_holds_once_and_whose_it_is_says_nobody_else(system):
    person = system.new_person()
    setup, stack, second = system.begin_setup(person), system.new_stack(), system.new_stack()
    for each in (stack, second):
        system.customers.has_stack(each.account, setup["externalId"])
    assert stack.create(setup["quickCreateUrl"]) == "CREATE_COMPLETE", stack.reasons()
    system.reaches(person, setup, "connected")
    assert second.create(setup["quickCreateUrl"]) == "ROLLBACK_COMPLETE"
    assert "This link was used before" in second.reasons()
    accounts = [each["accountId"] for each in person.get("/v1/accounts").body["items"]]
    assert accounts == [stack.account]
    assert system.new_person().get(f"/v1/accounts/setup/{setup['setupId']}").status == 404


def test_an_account_that_is_watched_for_one_is_connected_for_nobody_else(system):
    stack = system.connect_stack(system.new_person())
    other = system.new_person()
    setup = system.begin_setup(other)
    answer = other.post("/v1/accounts", {
        "setupId": setup["setupId"],
        "awsAccountId": stack.account,
        "roleArn": f"arn:aws:iam::{stack.account}:role/dd0c-cost-readonly",
    })
    assert answer.status == 202, answer
    # The role asks for another external id than the one of this setup.
    until("it is looked at", lambda: len(system.customers.tries(stack.account)) > 3)
    assert other.get(f"/v1/accounts/{stack.account}").status == 404
    assert other.get("/v1/accounts").body["items"] == []


def test_a_stack_that_is_deleted_can_be_and_its_account_is_no_longer_well(system):
    person = system.new_person()
    stack = system.connect_stack(person)
    system.settled()
    system.customers.played.fault(stack.account, "role_missing")
    assert stack.delete() == "DELETE_COMPLETE", stack.reasons()
    system.settled()
    # Somebody who was still at it may have set the look to later meanwhile.
    until("it is known to be broken", lambda: looked_at(system, stack) and status(person, stack) == "degraded")


def looked_at(system, stack):
    system.make_due(f"ACCOUNT#{stack.account}", "DUE#check")
    return system.strike()


def status(person, stack):
    return person.get(f"/v1/accounts/{stack.account}").body.get("status")
