"""Logs say what happened, not to whom. Runs last, over all that the other tests made happen."""

from events import Trail, envelope, instances
from harness.emulator import OWN_ACCOUNT
from harness.packages import NAMES
from harness.slack import TOKEN

PEOPLE = ("planted.person@example.com", "planted-user")


def test_no_account_actor_resource_or_token_stands_in_the_logs(system):
    account = system.new_account()
    trail, other = (Trail(account, user=user) for user in PEOPLE)
    launch = trail.run_instances("p4d.24xlarge")
    broken = {**trail.create_nat_gateway(), "awsRegion": {"not": "a region"}}
    forged = {**trail.create_nat_gateway(), "recipientAccountId": OWN_ACCOUNT}
    system.send(launch, other.run_instances("p4d.24xlarge"), other.stop_logging("main"), broken, trail.terminate_instances(instances(launch)))
    system.deliver({**envelope(forged), "account": account})
    system.settled(account)
    system.call("daily-digest", {})
    planted = {*system.used, *PEOPLE, OWN_ACCOUNT, TOKEN, instances(launch)[0], "AKIAEXAMPLE", "arn:aws:iam", "xoxb-", hash_key(system)}
    lines = list(system.logs.lines())
    silent = [name for name in NAMES if not any(group.endswith(name) and line.startswith("{") for group, line in lines)]
    assert not silent
    told = [(group, word, line) for group, line in lines for word in planted if word in line]
    assert not told, told[:5]


def hash_key(system):
    found = system.emulator.client("secretsmanager").get_secret_value(SecretId=system.variable("HASH_KEY_SECRET"))
    return found["SecretString"]
