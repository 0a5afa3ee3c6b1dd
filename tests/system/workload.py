"""Many events of many accounts, the same for the same seed."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from events import Trail, instances

ACCOUNTS = 10
SENDERS = 4
# What is started, and how often.
KINDS = {"m5.large": 60, "c5.4xlarge": 20, "g5.12xlarge": 4, "p4d.24xlarge": 1}
AGAIN = 0.05


def records(account, number, seed):
    """So many calls of one account in their order; some come twice."""
    dice, trails = random.Random(f"{seed} {account}"), [Trail(account, user=user, seed=seed) for user in ("ana", "ci", "ops")]
    running, made = [], []
    while len(made) < number:
        made.append(call(dice, dice.choice(trails), running))
        yield made[-1]
        if dice.random() < AGAIN:
            yield dice.choice(made)


def call(dice, trail, running):
    """A launch, the end of one, or a volume."""
    if running and dice.random() < 0.3:
        return trail.terminate_instances([running.pop(dice.randrange(len(running)))])
    if dice.random() < 0.2:
        return trail.create_volume(dice.choice((20, 100, 1000)))
    launch = trail.run_instances(*dice.choices(list(KINDS), KINDS.values()), count=dice.randint(1, 3))
    running.extend(instances(launch))
    return launch


class Load:
    """Sends what each account does in its order, several accounts at once."""

    def __init__(self, system, number, seed, every=None):
        self.system, self.number, self.seed, self.every = system, number, seed, every
        self.dice, self.sent, self.killed = random.Random(seed), count(1), 0
        self.stopped = False

    def run(self, accounts):
        with ThreadPoolExecutor(SENDERS) as senders:
            parts = [senders.submit(self._send, accounts[nth::SENDERS]) for nth in range(SENDERS)]
            try:
                for part in parts:
                    part.result()
            finally:
                self.stopped = True

    def _send(self, accounts):
        each = {account: records(account, self.number // ACCOUNTS, self.seed) for account in accounts}
        while each and not self.stopped:
            for account in list(each):
                record = next(each[account], None)
                if record is None:
                    del each[account]
                else:
                    self._send_one(record)

    def _send_one(self, record):
        self.system.send(record)
        if self.every and next(self.sent) % self.every == 0:
            self.killed += self.system.kill_one(self.dice)
