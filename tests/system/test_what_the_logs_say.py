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
    sign_in(system)
    secrets = {hash_key(system), *tokens(system), TOKEN, "xoxb-", APP["client_secret"], APP["signing_secret"], *system.states}
    of_tenants = {*system.secrets, *secrets_of_others(system), "@planted.example", "ana@example.com"}
    planted = {*system.used, *PEOPLE, OWN_ACCOUNT, instances(launch)[0], "AKIAEXAMPLE", "arn:aws:iam", *secrets, *of_tenants}
    lines = list(system.logs.lines())
    assert not silent(lines)
    told = [(group, word, line) for group, line in lines for word in planted if word in line]
    assert not told, told[:5]
    spans = b"".join(system.collector.spans).decode(errors="replace")
    assert "invocation" in spans and not within(planted, spans)
    # Of those whom a refusal is said to, nobody hears more than what to do.
    refusals = "\n".join(answer.text for answer in system.heard if answer.status >= 400)
    assert refusals and not within(planted, refusals)


def silent(lines):
    """Functions that have logged nothing."""
    spoke = {group for group, line in lines if line.startswith("{")}
    return [name for name in NAMES if not any(group.endswith(name) for group in spoke)]


def within(planted, text):
    return [word for word in planted if word in text]


def sign_in(system):
    """Each way to the API and to money, once well and once not."""
    person, stack = system.new_person(), system.new_stack()
    system.customers.has_stack(stack.account, system.begin_setup(person)["externalId"])
    for path in (f"/v1/accounts/{stack.account}", f"/v1/accounts/{PEOPLE[0]}", "/v1/anomalies?accountId=arn:aws:iam::111122223333:root"):
        person.get(path)
    asked = {"setupId": "none", "awsAccountId": stack.account, "roleArn": f"arn:aws:iam::{stack.account}:role/dd0c-cost-readonly"}
    assert person.post("/v1/accounts", asked).status == 404
    assert person.post("/v1/accounts", {**asked, "awsAccountId": PEOPLE[0]}).status == 400
    assert system.caller(f"{person.credential}x").get("/v1/status").status == 401
    system.stripe.pay(person.post("/v1/billing/checkout").body["url"])
    assert all(status == 200 for _, status in system.stripe.deliver())
    Browser().open(f"{system.github_door.url}/authorize?client_id=cognito&state={PEOPLE[0]}")
    system.settled()


def secrets_of_others(system):
    """What Stripe, GitHub and Cognito know us by, and what Stripe knows tenants by."""
    stripe, github = system.stripe.secret, system.secret("GITHUB_SECRET")
    ours = [stripe["api_key"], *stripe["webhook_secrets"], github["client_secret"], github["github_client_secret"]]
    customers = [customer for customer, _ in system.stripe.customers]
    return [*ours, *customers, *(each["id"] for each in system.stripe.subscriptions)]


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
