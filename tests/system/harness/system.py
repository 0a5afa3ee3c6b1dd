"""dd0c/cost as it runs on AWS, here on the emulator: what goes in, what comes out, what it stored."""

import json
from functools import cached_property
from itertools import count

import events
from harness import table
from harness.deadline import until
from harness.deployment import Settings, deploy
from harness.emulator import Emulator
from harness.logs import Logs
from harness.processes import functions, kill
from harness.queues import Queues
from harness.slack import CHANNEL, TOKEN, Slack

TENANT = "acme"
# The tests send more than a customer does, in a shorter time.
VARIABLES = {"ACCOUNT_EVENTS_PER_MINUTE": "1000000"}


class System:
    def __init__(self, assembly, **variables):
        self.assembly, self.slack, self.emulator = assembly, Slack(), Emulator()
        self.changed = {**VARIABLES, "SLACK_API_URL": f"{self.slack.url}/api", **variables}
        self.accounts, self.used = count(777700000001), []

    def start(self):
        self.slack.start()
        self.emulator.start()
        self._clients()
        deploy(self.emulator, self.assembly, Settings(variables=self.changed))
        secret = json.dumps({"token": TOKEN, "channel": CHANNEL})
        self.emulator.client("secretsmanager").put_secret_value(SecretId=self.variable("SLACK_SECRET"), SecretString=secret)

    def stop(self):
        self.emulator.remove()
        self.slack.stop()

    def restart(self):
        self.kill_all()
        self.emulator.restart()
        self._clients()

    # What goes in

    def new_account(self, tenant=TENANT):
        """A connected account of its own for each test."""
        account = f"{next(self.accounts):012d}"
        self.connect(account, tenant)
        return account

    def connect(self, account, tenant=TENANT):
        self.used.append(account)
        return self.call("account-lifecycle", {"task": "connect", "tenant": tenant, "account": account})

    def put(self, *records):
        """On the bus, as the account that runs the emulator."""
        [bus] = [each["Name"] for each in self.bus.list_event_buses()["EventBuses"] if each["Name"] != "default"]
        answer = self.bus.put_events(Entries=[events.entry(each, bus) for each in records])
        assert answer["FailedEntryCount"] == 0, answer

    def send(self, *records):
        """To the router, each until it is taken. The emulator can neither put events as another
        account, nor does it try again what a rule sends; AWS does both."""
        for record in records:
            self.deliver(events.envelope(record))

    def deliver(self, envelope):
        until("the router takes the event", lambda: "FunctionError" not in self._invoke("event-router", envelope), seconds=90)

    def call(self, name, event):
        """Calls a function and gives its answer."""
        answer = self._invoke(name, event)
        content = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, f"{name}: {content}"
        return content

    def _invoke(self, name, event):
        return self.lambdas.invoke(FunctionName=function(name), Payload=json.dumps(event))

    # What comes out

    def card(self, word, seconds=30):
        """The one card at Slack that contains a word, as it stands now."""
        cards = until(f"a card with {word}", lambda: self.slack.cards(word), seconds)
        assert len(cards) == 1, cards
        return cards[0]

    # What it stored

    def items(self, entity, account):
        """Items of one kind of an account, in the order of their keys."""
        return [each for each in self.stored() if each["entity"] == entity and each["PK"].endswith(account)]

    def stored(self):
        return table.scan(self.dynamo, self.variable("TABLE_NAME"))

    def settled(self, *accounts, seconds=60):
        """Waits until all that came in is stored, scored and told."""
        waiting = []

        def done():
            waiting[:] = self.on_its_way(accounts)
            return not waiting

        until(waiting, done, seconds)

    def on_its_way(self, accounts):
        """In words. What is cheap to ask comes first: a large table is not read whole all the time."""
        waiting = [name for name in ("EVENT_QUEUE_URL", "ALERT_QUEUE_URL") if self.queues.depth(name)]
        waiting = waiting or [f"{each} is not scored" for each in accounts if self._behind(each)]
        return waiting or table.not_told(self.stored(), accounts)

    def _behind(self, account):
        head = table.get(self.dynamo, self.variable("TABLE_NAME"), f"ACCOUNT#{account}", "HEAD")
        scored = table.get(self.dynamo, self.variable("TABLE_NAME"), f"BASELINE#{account}", "_ACCOUNT")
        return head.get("number") != scored.get("scoredThrough")

    # How it is set up

    def variable(self, name):
        """The value of a variable that any function has."""
        return self.variables[name]

    def running(self):
        """Pairs of function name and process id."""
        return functions(self.emulator.process.pid)

    def kill_one(self, dice):
        """Kills a process that runs now, if there is one; how many."""
        found = sorted(self.running())
        if found:
            kill(dice.choice(found)[1])
        return len(found[:1])

    def kill_all(self):
        for _, pid in self.running():
            kill(pid)

    def _clients(self):
        client = self.emulator.client
        self.lambdas, self.bus, self.dynamo = client("lambda"), client("events"), client("dynamodb")
        self.logs, self.queues = Logs(client("logs")), Queues(client("sqs"), self.variable)

    @cached_property
    def variables(self):
        found = self.lambdas.list_functions()["Functions"]
        return {key: value for each in found for key, value in each.get("Environment", {}).get("Variables", {}).items()}


def function(name):
    return f"dd0c-cost-test-{name}"
