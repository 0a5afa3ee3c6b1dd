"""Alerts that are worth no more than knowing wait for the end of quiet hours; louder ones do not."""

from datetime import datetime, timedelta, timezone

from events import Trail
from harness.deadline import stays

# In a new account that is an alert worth knowing of.
CHEAP = "c5.4xlarge"


def test_an_alert_that_can_wait_comes_when_the_quiet_is_over(system):
    tenant = system.new_tenant()
    account = system.new_account(tenant.name)
    now = datetime.now(timezone.utc)
    quiet = f"{now - timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    assert settle(system, tenant, quiet=quiet) == {"timezone": "UTC", "quiet": quiet}

    system.send(Trail(account, user="night-owl").run_instances(CHEAP))
    system.settled(account)
    anomaly = system.anomaly(account)
    assert anomaly["severity"] == "info"
    stays("nobody is told", lambda: not system.slack.posts("night-owl"), seconds=1)
    [due] = system.items("Due", account)
    assert due["GSI1SK"] == f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}:00.000Z"

    system.send(Trail(account, user="night-alarm").run_instances("p4d.24xlarge"))
    assert system.card("night-alarm")
    assert not system.slack.posts("night-owl")

    assert settle(system, tenant, quiet="off")["quiet"] is None
    system.make_due(due["PK"], due["SK"])
    assert system.strike()["tellings"] >= 1
    assert system.card("night-owl")


def test_quiet_hours_are_those_of_the_tenant_s_time_zone(system):
    tenant = system.new_tenant()
    account = system.new_account(tenant.name)
    # There it is half past eleven or twelve hours later than here, never the same time of day.
    now = datetime.now(timezone.utc)
    quiet = f"{now - timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    settle(system, tenant, quiet=quiet, timezone="Pacific/Auckland")
    system.send(Trail(account, user="day-worker").run_instances(CHEAP))
    assert system.card("day-worker")
    assert len(system.audit(tenant.name, "settings")) == 1


def settle(system, tenant, **settings):
    return system.call("account-lifecycle", {"task": "settings", "tenant": tenant.name, "by": "operator", **settings})
