"""What the functions wrote: log lines, and the metrics that stand in them."""

import json


class Logs:
    def __init__(self, logs):
        self.logs = logs

    def lines(self):
        """Every line with the name of its group."""
        for group in self._groups():
            for page in self.logs.get_paginator("describe_log_streams").paginate(logGroupName=group):
                for stream in page["logStreams"]:
                    yield from ((group, line) for line in self._stream(group, stream["logStreamName"]))

    def metric(self, name, **dimensions):
        """The sum of a metric over all lines (embedded metric format)."""
        # Lines without a metric are many, and one answer holds 10,000 lines.
        found = (self.logs.filter_log_events(logGroupName=group, filterPattern='"_aws"') for group in self._groups())
        messages = (each["message"] for answer in found for each in answer["events"])
        records = (json.loads(message) for message in messages if message.startswith("{") and '"_aws"' in message)
        return sum(each.get(name, 0) for each in records if dimensions.items() <= each.items())

    def _groups(self):
        for page in self.logs.get_paginator("describe_log_groups").paginate():
            yield from (each["logGroupName"] for each in page["logGroups"])

    def _stream(self, group, stream):
        where, token = {"logGroupName": group, "logStreamName": stream, "startFromHead": True}, None
        while True:
            answer = self.logs.get_log_events(**where, **({"nextToken": token} if token else {}))
            yield from (each["message"] for each in answer["events"])
            # At the end it is the same again.
            if answer["nextForwardToken"] == token:
                return
            token = answer["nextForwardToken"]
