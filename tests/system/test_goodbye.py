"""A tenant leaves: after the grace period nothing of the account is left."""

import json

from events import Trail


def test_a_purge_leaves_nothing_of_the_account_and_all_of_the_others(system):
    leaving, staying = system.new_account(), system.new_account()
    for account in (leaving, staying):
        system.send(Trail(account).run_instances("p4d.24xlarge"), Trail(account, seed=1).create_nat_gateway())
    system.settled(leaving, staying)
    system.call("account-lifecycle", {"task": "disconnect", "tenant": "acme", "account": leaving})
    system.call("account-lifecycle", {"task": "purge"})
    assert of(system, leaving), "the grace period has just begun"
    system.end_grace("acme", leaving)
    before = of(system, staying)
    system.call("account-lifecycle", {"task": "purge"})
    assert not of(system, leaving)
    assert of(system, staying) == before


def of(system, account):
    return [each for each in system.stored() if account in json.dumps([each["PK"], each["SK"]])]
