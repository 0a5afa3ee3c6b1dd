"""Logs say what happened, not to whom. Runs last, over all that the other tests made happen."""

import base64

from events import Trail, envelope, instances
from harness.browser import Browser
from harness.emulator import OWN_ACCOUNT
from harness.packages import NAMES
from harness.slack import APP, TOKEN

PEOPLE = ("planted.person@example.com", "planted-user")


def test_no_account_actor_resource_or_token_stands_in_the_logs(system):
    tenant = system.new_tenant()
    account = system.new_account(tenant.name)
    trail, other = (Trail(account, user=user) for user in PEOPLE)
    launch = trail.run_instances("p4d.24xlarge")
    broken = {**trail.create_nat_gateway(), "awsRegion": {"not": "a region"}}
    forged = {**trail.create_nat_gateway(), "recipientAccountId": OWN_ACCOUNT}
    system.send(launch, other.run_instances("p4d.24xlarge"), other.stop_logging("main"), broken, trail.terminate_instances(instances(launch)))
    system.deliver({**envelope(forged), "account": account})
    system.settled(account)
    speak(system, tenant)
    secrets = {hash_key(system), *tokens(system), TOKEN, "xoxb-", APP["client_secret"], APP["signing_secret"], *system.states}
    planted = {*system.used, *PEOPLE, OWN_ACCOUNT, instances(launch)[0], "AKIAEXAMPLE", "arn:aws:iam", *secrets}
    lines = list(system.logs.lines())
    silent = [name for name in NAMES if not any(group.endswith(name) and line.startswith("{") for group, line in lines)]
    assert not silent
    told = [(group, word, line) for group, line in lines for word in planted if word in line]
    assert not told, told[:5]


def speak(system, tenant):
    """With the door in each way that it can be spoken to, and with the digest."""
    system.slack.command("ana", tenant.channel, f"status {PEOPLE[0]}")
    system.slack.misbehaves("forged")
    system.slack.command("ana", tenant.channel, "status")
    Browser().open(system.invite(tenant.name))
    Browser().open(f"{system.door.url}/slack/oauth_redirect?state={system.states[-1]}&code=1")
    system.digest(tenant)
    system.settled()


def tokens(system):
    """Of all workspaces, decrypted as nobody else may."""
    kms, installations = system.emulator.client("kms"), [each for each in system.stored() if each["entity"] == "SlackInstallation"]
    for each in installations:
        yield decrypted(kms, each["token"], tenant=each["PK"].removeprefix("TENANT#"), purpose="slack-token")


def decrypted(kms, sealed, **context):
    blob = base64.b64decode(sealed["ciphertext"])
    return kms.decrypt(CiphertextBlob=blob, KeyId=sealed["key"], EncryptionContext=context)["Plaintext"].decode()


def hash_key(system):
    found = system.emulator.client("secretsmanager").get_secret_value(SecretId=system.variable("HASH_KEY_SECRET"))
    return found["SecretString"]
