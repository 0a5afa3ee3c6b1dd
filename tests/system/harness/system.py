"""dd0c/cost as it runs on AWS, here on the emulator: what goes in, what comes out, what it stored."""

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from urllib.parse import parse_qs, urlsplit

import events
from harness import table
from harness.browser import Browser, ended
from harness.collector import Collector
from harness.customers import Customers
from harness.deadline import PATIENCE, until
from harness.deployment import Settings, deploy
from harness.door import Door
from harness.emulator import OWN_ACCOUNT, Emulator
from harness.github import ID, SECRET, Github
from harness.logs import Logs
from harness.people import Caller, Pool, claims
from harness.processes import functions, kill
from harness.queues import Queues
from harness.slack import APP, CHANNEL, TEAM, Slack
from harness.stack import Stack
from harness.stripe import Stripe

TENANT = "acme"
# The tests send more than a customer does, in a shorter time.
VARIABLES = {"ACCOUNT_EVENTS_PER_MINUTE": "1000000"}
# Long ago, for what is to be due.
PAST = "2020-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Tenant:
    """With a workspace of Slack of its own."""

    name: str
    team: str
    channel: str


class System:
    def __init__(self, assembly, **variables):
        self.assembly, self.slack, self.stripe, self.emulator = assembly, Slack(), Stripe(), Emulator()
        # Where Slack and its people, people with programs, and Cognito find us.
        self.door, self.api_door, self.github_door = Door(), Door(), Door()
        self.customers, self.github = Customers(), Github(f"{self.github_door.url}/callback")
        self.collector = Collector()
        self.changed = {**VARIABLES, **self._addresses(), **variables}
        self.accounts, self.tenants, self.people = count(777700000001), count(1), count(1)
        # What nothing that we say to others or write down may hold.
        self.used, self.states, self.secrets, self.heard = [], [], [], []

    def start(self):
        self.emulator.start()
        self._clients()
        self.outputs = deploy(self.emulator, self.assembly, self._settings())
        self._tell_secrets()
        self.door.leads_to(self.emulator.port, self.outputs["SlackDoorUrl"])
        self.api_door.leads_to(self.emulator.port, self.outputs["ApiDoorUrl"])
        self.github_door.leads_to(self.emulator.port, self.outputs["GithubIssuerUrl"])
        self.customers.leads_to(self.emulator, self.variable("BUS_ARN"), OWN_ACCOUNT)
        self.stripe.tells(f"{self.api_door.url}/stripe/webhook")
        # A function that starts on a busy machine may need longer than the three seconds that Slack waits.
        self.slack.settings(app_url=self.door.url, time_limit_millis=30_000)
        self.install(Tenant(TENANT, TEAM, CHANNEL))

    def stop(self):
        self.emulator.remove()
        for other in (self.door, self.api_door, self.github_door, self.collector, self.customers, self.github, self.stripe, self.slack):
            other.stop()

    def restart(self):
        self.kill_all()
        self.emulator.restart()
        self._clients()

    # What goes in

    def new_person(self):
        """Somebody who has just signed up and in, at the API."""
        return self.sign_in(self.sign_up())

    def sign_up(self):
        """A new name; what it is a name of is the person's address, too."""
        name = f"person-{next(self.people)}@planted.example"
        self.secrets += [name, self.pool.sign_up(name)]
        return name

    def sign_in(self, name):
        return self.caller(self.pool.sign_in(name)["AccessToken"])

    def caller(self, credential):
        """Whoever has this, at the API."""
        if credential:
            self.secrets.append(credential)
        return Caller(self.api_door.url, credential, self.heard)

    def new_stack(self):
        """The CloudFormation of a customer, in whose account nothing is yet."""
        account = f"{next(self.accounts):012d}"
        self.used.append(account)
        return Stack(self.emulator, account)

    def begin_setup(self, person):
        """A setup that somebody has begun."""
        answer = person.post("/v1/accounts/setup")
        assert answer.status == 201, answer
        url = answer.body["quickCreateUrl"]
        self.secrets += [answer.body["externalId"], parse_qs(urlsplit(url).fragment)["param_Handshake"][0]]
        return answer.body

    def connect_stack(self, person):
        """An account of somebody's, connected as people do: by the link, and the stack that it makes."""
        setup, stack = self.begin_setup(person), self.new_stack()
        self.customers.has_stack(stack.account, setup["externalId"])
        assert stack.create(setup["quickCreateUrl"]) == "CREATE_COMPLETE", stack.reasons()
        self.reaches(person, setup, "connected")
        return stack

    def reaches(self, person, setup, stage):
        """Waits until a setup is at a stage; the setup."""
        def there():
            found = person.get(f"/v1/accounts/setup/{setup['setupId']}").body
            return found if found.get("stage") == stage else None

        return until(f"the setup is {stage}", there)

    def tenant_of(self, person):
        """The name of the tenant for whom somebody asks."""
        sub = claims(person.credential)["sub"]
        return table.get(self.dynamo, self.variable("TABLE_NAME"), f"SUB#{sub}", "OWNER")["tenant"]

    def new_account(self, tenant=TENANT):
        """A connected account of its own for each test."""
        account = f"{next(self.accounts):012d}"
        self.connect(account, tenant)
        return account

    def connect(self, account, tenant=TENANT):
        self.used.append(account)
        return self.call("account-lifecycle", {"task": "connect", "tenant": tenant, "account": account})

    def new_tenant(self, slack=True):
        """A tenant of its own, in whose workspace the app is installed."""
        team, channel = self.new_workspace()
        tenant = Tenant(f"tenant-{team[-3:]}", team, channel)
        if slack:
            self.install(tenant)
        return tenant

    def new_workspace(self):
        """A workspace and a channel at Slack, in which nothing of ours is."""
        nth = next(self.tenants)
        team, channel = f"T0TEN{nth:03d}", f"C0TEN{nth:03d}"
        # Makes the workspace; what the app may do there, only an installation says.
        self.slack.install(team, channel)
        return team, channel

    def install(self, tenant):
        """As a person does: from the invitation over Slack's page and back."""
        back = Browser().allow(self.invite(tenant.name), tenant.team, tenant.channel)
        assert ended(back) == "connected", back

    def uninstall(self, tenant):
        """An admin takes the app away; what the app answers to Slack's word of it."""
        # Slack's word counts in whole seconds, and one from before the installation counts nothing.
        self.slack.settings(advance=2)
        return self.slack.uninstall(tenant.team)

    def invite(self, tenant):
        """The link of an invitation."""
        url = self.call("account-lifecycle", {"task": "invite", "tenant": tenant})["url"]
        self.states.append(url.partition("state=")[2])
        return url

    def strike(self):
        """The clock, which no schedule calls here; what it handed over."""
        return self.call("clock", {})

    def digest(self, tenant):
        """Lets the tenant's digest be due, always that of the same day, and the clock strike."""
        self.make_due(f"TENANT#{tenant.name}", "DUE#digest")
        return self.strike()

    def make_due(self, partition, sort):
        self.dynamo.update_item(
            TableName=self.variable("TABLE_NAME"),
            Key={"PK": {"S": partition}, "SK": {"S": sort}},
            UpdateExpression="SET GSI1SK = :at",
            ExpressionAttributeValues={":at": {"S": PAST}},
            ConditionExpression="attribute_exists(PK)",
        )

    def end_grace(self, tenant, account):
        """As when the days are over within which one may think better of leaving."""
        self._end_grace_of(tenant, f"ACCOUNT#{account}")

    def end_grace_of_all(self, tenant, *accounts):
        """The same of a whole tenant with these accounts."""
        for account in accounts:
            self.end_grace(tenant, account)
        self._end_grace_of(tenant, "LEAVING")

    def _end_grace_of(self, tenant, sort):
        self.dynamo.update_item(
            TableName=self.variable("TABLE_NAME"),
            Key={"PK": {"S": f"TENANT#{tenant}"}, "SK": {"S": sort}},
            UpdateExpression="SET purgeAt = :past",
            ExpressionAttributeValues={":past": {"S": PAST}},
            ConditionExpression="attribute_exists(purgeAt)",
        )

    def end_snooze(self, anomaly):
        """As when its time is over."""
        self.dynamo.update_item(
            TableName=self.variable("TABLE_NAME"),
            Key={"PK": {"S": anomaly["PK"]}, "SK": {"S": anomaly["SK"]}},
            # Known is which snooze it is by its end.
            UpdateExpression="SET snooze.#until = :past, told.snoozedUntil = :past, published.snoozedUntil = :past",
            ExpressionAttributeNames={"#until": "until"},
            ExpressionAttributeValues={":past": {"S": PAST}},
            ConditionExpression="attribute_exists(snooze)",
        )

    def put(self, *records):
        """On the bus, as the account that runs the emulator."""
        bus = self.outputs["EventBusName"]
        answer = self.bus.put_events(Entries=[events.entry(each, bus) for each in records])
        assert answer["FailedEntryCount"] == 0, answer

    def send(self, *records):
        """To the router, each until it is taken. The emulator can neither put events as another
        account, nor does it try again what a rule sends; AWS does both."""
        for record in records:
            self.deliver(events.envelope(record))

    def deliver(self, envelope):
        until("the router takes the event", lambda: "FunctionError" not in self._invoke("event-router", envelope))

    def call(self, name, event):
        """Calls a function and gives its answer."""
        answer = self._invoke(name, event)
        content = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, f"{name}: {content}"
        return content

    def _invoke(self, name, event):
        return self.lambdas.invoke(FunctionName=function(name), Payload=json.dumps(event))

    # What comes out

    def card(self, word, seconds=PATIENCE):
        """The one card at Slack that contains a word, as it stands now."""
        cards = until(f"a card with {word}", lambda: self.slack.cards(word), seconds)
        assert len(cards) == 1, cards
        return cards[0]

    # What it stored

    def items(self, entity, account):
        """Items of one kind of an account, in the order of their keys."""
        return [each for each in self.stored() if each["entity"] == entity and each["PK"].endswith(account)]

    def anomaly(self, account):
        """The one anomaly of an account."""
        [anomaly] = self.items("Anomaly", account)
        return anomaly

    def audit(self, tenant, what):
        """What was done for a tenant, of one kind."""
        entries = [each for each in self.stored() if each["PK"] == f"TENANT#{tenant}#AUDIT"]
        return [each for each in entries if each["what"] == what]

    def naming(self, text):
        """All items that name something anywhere."""
        return [each for each in self.stored() if text in json.dumps(each, default=str)]

    def stored(self):
        return table.scan(self.dynamo, self.variable("TABLE_NAME"))

    def settled(self, *accounts, seconds=PATIENCE):
        """Waits until all that came in is stored, scored and told."""
        waiting = []

        def done():
            waiting[:] = self.on_its_way(accounts)
            return not waiting

        until(waiting, done, seconds)

    def on_its_way(self, accounts):
        """In words. What is cheap to ask comes first: a large table is not read whole all the time."""
        queues = [f"{name}_QUEUE_URL" for name in ("EVENT", "ALERT", "QUESTION", "DIGEST", "BILLING")]
        waiting = [name for name in queues if self.queues.depth(name)]
        waiting = waiting or [f"{each} is not scored" for each in accounts if self._behind(each)]
        return waiting or self._to_be_told(accounts)

    def _to_be_told(self, accounts):
        stored = self.stored()
        if table.is_any_due(stored, accounts):
            # On AWS a schedule calls the clock.
            self.strike()
            return ["what was due is being told"]
        return table.not_told(stored, accounts)

    def _behind(self, account):
        head = table.get(self.dynamo, self.variable("TABLE_NAME"), f"ACCOUNT#{account}", "HEAD")
        scored = table.get(self.dynamo, self.variable("TABLE_NAME"), f"BASELINE#{account}", "_ACCOUNT")
        return head.get("number") != scored.get("scoredThrough")

    # How it is set up

    def _addresses(self):
        """Of those who stand for others, and of ours."""
        return {
            "SLACK_API_URL": f"{self.slack.url}/api",
            "STRIPE_API_URL": self.stripe.url,
            "GITHUB_URL": self.github.url,
            "GITHUB_API_URL": self.github.url,
            "CUSTOMER_AWS_URL": self.customers.url,
            "PUBLIC_URL": self.door.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.url,
        }

    def _settings(self):
        # The emulator's tokens name AWS, and the keys to check them are with the emulator.
        keys = lambda outputs: f"{self.emulator.endpoint}/{outputs['UserPoolId']}/.well-known/jwks.json"
        return Settings(
            variables=self.changed,
            of_function={"github-oidc": {"ISSUER_URL": self.github_door.url}},
            later={"JWKS_URL": ("UserPoolId", keys)},
        )

    def _tell_secrets(self):
        """As an operator does."""
        self.put_secret("SLACK_SECRET", APP)
        self.put_secret("STRIPE_SECRET", self.stripe.secret)
        self.put_secret("GITHUB_SECRET", {**self.secret("GITHUB_SECRET"), "github_client_id": ID, "github_client_secret": SECRET})

    def secret(self, variable):
        """The value of a secret that is an object."""
        return json.loads(self.emulator.client("secretsmanager").get_secret_value(SecretId=self.variable(variable))["SecretString"])

    def put_secret(self, variable, value):
        secrets = self.emulator.client("secretsmanager")
        secrets.put_secret_value(SecretId=self.variable(variable), SecretString=json.dumps(value))

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
    def pool(self):
        return Pool(self.emulator.client("cognito-idp"), self.outputs)

    @cached_property
    def variables(self):
        found = self.lambdas.list_functions()["Functions"]
        return {key: value for each in found for key, value in each.get("Environment", {}).get("Variables", {}).items()}


def function(name):
    return f"dd0c-cost-test-{name}"
