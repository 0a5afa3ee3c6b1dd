"""A Stripe that refuses what Stripe refuses, and on whose pages people pay: the program `stripe-double`."""

from harness.double import Double


class Stripe(Double):
    program = "stripe-double"

    @property
    def secret(self):
        """What the app is known by there."""
        self.start()
        return self.said["secret"]

    def tells(self, webhook):
        """Where the app hears what has changed."""
        self._steer("settings", {"webhook_url": webhook})

    def pay(self, page):
        """Somebody pays on the page where one subscribes; where he goes on to."""
        return self._steer("pay", {"url": page})

    def end(self, customer):
        """A subscription ends."""
        return self._steer("end", {"customer": customer})

    def deliver(self, order="in_order"):
        """Tells what the app has not taken yet: pairs of kind and status."""
        return [(each["kind"], each["status"]) for each in self._steer("deliver", {"order": order})]

    def again(self, event):
        """Tells an event once more; the status."""
        return self._steer("tell", {"event": event})["status"]

    events = property(lambda self: self._look("state")["events"])
    customers = property(lambda self: self._look("state")["customers"])
    subscriptions = property(lambda self: self._look("state")["subscriptions"])
