"""Who comes in from Slack, and how: only what Slack has signed, and what comes twice counts once."""

import base64

import pytest
from botocore.exceptions import ClientError

from events import Trail
from harness.browser import Browser, ended
from harness.deadline import stays, until


@pytest.fixture
def tenant(system):
    return system.new_tenant()


@pytest.mark.parametrize("mischief", ["forged", "unsigned", {"late": 301}, {"late": -360}, "cut_on_the_way"])
def test_what_slack_has_not_signed_just_now_is_refused_and_leaves_nothing(system, tenant, mischief):
    before = system.stored()
    system.slack.misbehaves(mischief)
    exchange = system.slack.command("ana", tenant.channel, "timezone Asia/Tokyo")
    assert (exchange["status"], exchange["answer"]) == (401, "")
    left_nothing(system, tenant, before)


def test_what_is_signed_and_cannot_be_read_is_refused(system, tenant):
    system.slack.settings(advance=2)
    system.slack.misbehaves("truncated")
    tries = system.slack.event({"type": "app_uninstalled"}, tenant.team)
    assert tries[0]["status"] == 400
    # The tries after it are whole: the event itself is taken.
    assert tries[-1]["status"] == 200
    until("the workspace is forgotten", lambda: not installation(system, tenant))


def left_nothing(system, tenant, before):
    assert not system.queues.depth("QUESTION_QUEUE_URL")
    assert system.stored() == before
    assert not system.slack.whispers(tenant.channel)


def test_a_request_that_is_replayed_or_comes_twice_has_one_effect(system, tenant):
    assert system.slack.command("ana", tenant.channel, "quiet 22:00-07:00")["status"] == 200
    until("an answer", lambda: system.slack.whispers(tenant.channel))
    assert system.slack.replay()["status"] == 200
    system.slack.misbehaves("twice")
    system.slack.command("bo", tenant.channel, "timezone Asia/Tokyo")
    until("another answer", lambda: len(system.slack.whispers(tenant.channel)) == 2)
    system.settled()
    stays("one answer each", lambda: len(system.slack.whispers(tenant.channel)) == 2, seconds=1)
    assert len(system.audit(tenant.name, "settings")) == 2


def test_slack_finds_the_door_and_nobody_finds_another(system):
    assert system.slack.verify_url()["outcome"] == "ok"
    for path in ("/", "/slack", "/slack/commands", "/slack/install/more"):
        status, _, _ = Browser().open(f"{system.door.url}{path}")
        assert status in (403, 404), path


def test_a_token_is_stored_encrypted_for_its_tenant_alone(system, tenant):
    stored = installation(system, tenant)
    assert "xoxb-" not in str(system.stored())
    kms, sealed = system.emulator.client("kms"), stored["token"]

    def opened(**context):
        blob = base64.b64decode(sealed["ciphertext"])
        return kms.decrypt(CiphertextBlob=blob, KeyId=sealed["key"], EncryptionContext=context)["Plaintext"].decode()

    assert opened(tenant=tenant.name, purpose="slack-token").startswith("xoxb-")
    for wrong in ({"tenant": "acme", "purpose": "slack-token"}, {"tenant": tenant.name, "purpose": "webhook-key"}, {}):
        with pytest.raises(ClientError):
            opened(**wrong)
    [entry] = system.audit(tenant.name, "slack")
    assert tenant.team in entry["new"]


def test_an_invitation_holds_once_and_in_one_browser(system):
    tenant = system.new_tenant(slack=False)
    url, person, thief = system.invite(tenant.name), Browser(), Browser()
    status, asked, _ = person.open(url)
    assert (status, "/oauth/v2/authorize" in asked) == (200, True)
    back = system.slack.allow(asked, tenant.team, tenant.channel)
    # Somebody else's browser with the same address: a workspace could be pushed onto a tenant.
    assert ended(thief.open(back)) == "link_used_up"
    assert not installation(system, tenant)
    assert ended(person.open(back)) == "connected"
    assert installation(system, tenant)
    assert ended(person.open(back)) == "link_used_up"
    assert ended(Browser().open(url)) == "link_used_up"


def test_who_does_not_allow_it_may_try_again(system):
    tenant = system.new_tenant(slack=False)
    url, person = system.invite(tenant.name), Browser()
    _, asked, _ = person.open(url)
    assert ended(person.open(asked, {"choice": "cancel"})) == "cancelled"
    assert not installation(system, tenant)
    assert ended(person.allow(url, tenant.team, tenant.channel)) == "connected"


def test_a_workspace_belongs_to_who_installed_first(system, tenant):
    other = system.new_tenant(slack=False)
    back = Browser().allow(system.invite(other.name), tenant.team, tenant.channel)
    assert ended(back) == "workspace_of_another"
    assert not installation(system, other)


def test_an_uninstalled_workspace_is_told_again_once_it_is_back(system, tenant):
    tries = system.uninstall(tenant)
    assert all(each["outcome"] == "ok" for each in tries)
    until("its token is forgotten", lambda: not installation(system, tenant))
    account = system.new_account(tenant.name)
    system.send(Trail(account, user="unheard-for-now").run_instances("p4d.24xlarge"))
    until("it is stored as not delivered", lambda: undelivered(system, account))
    assert not system.slack.cards("unheard-for-now")

    system.install(tenant)
    card = system.card("unheard-for-now")
    assert card["channel"] == tenant.channel
    system.settled(account)
    assert not undelivered(system, account)
    assert not system.queues.depth("ALERT_DLQ_URL")
    words = [each["new"] for each in system.audit(tenant.name, "slack")]
    assert "uninstalled" in words and len(words) >= 3


def test_a_token_that_was_taken_back_closes_the_workspace_until_it_is_installed_again(system, tenant):
    system.slack.settings(app_url="http://127.0.0.1:9")
    try:
        # Slack's own word does not reach us: the next card finds out.
        system.slack.uninstall(tenant.team)
    finally:
        system.slack.settings(app_url=system.door.url)
    account = system.new_account(tenant.name)
    system.send(Trail(account, user="locked-out").run_instances("p4d.24xlarge"))
    until("it is stored as not delivered", lambda: undelivered(system, account))
    assert installation(system, tenant)["broken"]
    system.install(tenant)
    assert system.card("locked-out")
    assert "broken" not in installation(system, tenant)


def test_who_never_let_us_in_is_not_told_and_it_says_so(system):
    tenant = system.new_tenant(slack=False)
    account, before = system.new_account(tenant.name), system.logs.metric("Undelivered")
    system.send(Trail(account, user="never-heard").run_instances("p4d.24xlarge"))
    assert until("it is stored as not delivered", lambda: undelivered(system, account)) == "not delivered: no Slack"
    system.settled(account)
    assert not system.slack.posts("never-heard")
    assert not system.queues.depth("ALERT_DLQ_URL")
    assert system.logs.metric("Undelivered") == before + 1


def installation(system, tenant):
    of = [each for each in system.stored() if each["entity"] == "SlackInstallation" and each["PK"] == f"TENANT#{tenant.name}"]
    return of[0] if of else None


def undelivered(system, account):
    found = system.items("Anomaly", account)
    return found and found[0].get("told", {}).get("undelivered")
