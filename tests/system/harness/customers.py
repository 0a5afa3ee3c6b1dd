"""The AWS of customers, as the deployed functions reach it: one address.

Who may take on a role says the emulator, which has the role as the customer's stack has made it, and checks
its trust policy. All that is then asked with the role answers the program `customer-aws`, which has what
the emulator lacks: trails, the history of events, figures of metrics, lists with pages.
"""

from urllib.parse import parse_qs, urlsplit

from harness.double import Double
from harness.passage import Passage, handed_on

# What is switched on in customers' accounts. The template names more, and each takes a rehearsal its time:
# AWS lets nobody ask for the history of a region more than twice a second.
REGIONS = ["us-east-1"]


class Customers(Passage):
    def __init__(self):
        super().__init__()
        self.played, self.emulator, self.asked = Played(), None, []

    def leads_to(self, emulator, bus, our_account):
        self.emulator, self.bus, self.our_account = urlsplit(emulator.endpoint).netloc, bus, our_account

    def stop(self):
        super().stop()
        self.played.stop()

    def answer(self, method, path, headers, body):
        request = (method, path, headers, body)
        form = parse_qs(body.decode(errors="replace")) if method == "POST" else {}
        if form.get("Action") == ["AssumeRole"]:
            # It has been signed for this address, and the emulator checks that, too.
            status, *_ = judged = handed_on(self.emulator, *request)
            [role], external_id = form["RoleArn"], form.get("ExternalId", [None])[0]
            self.asked.append((role.split(":")[4], external_id, status))
            if status != 200:
                return judged
        return handed_on(urlsplit(self.played.url).netloc, *request)

    def tries(self, account):
        """With which external id the role of an account was to be taken on, and what became of it."""
        return [(external_id, status) for whose, external_id, status in self.asked if whose == account]

    def has_stack(self, account, external_id):
        """An account in which the stack has been made, and which has a trail."""
        self.played.deploy(account, external_id, self.our_account, self.bus, REGIONS)


class Played(Double):
    program = "customer-aws"

    def deploy(self, account, external_id, our_account, bus_arn, regions):
        self._steer("deploy", {"account": account, "external_id": external_id, "our_account": our_account, "bus_arn": bus_arn, "regions": regions})

    def zombies(self, account):
        """Lets things run there that nobody uses."""
        self._steer(f"zombies/{account}")

    def fault(self, account, fault, **more):
        """Breaks something there: `open_without_external_id`, `trail_stopped`, …"""
        self._steer("fault", {"account": account, "fault": fault, **more})

    def remember(self, account, region, records):
        """What CloudTrail's history holds."""
        self._steer("remember", {"account": account, "region": region, "records": records})
