"""What the functions wrote: log lines, and the metrics that stand in them."""

import json


class Logs:
    def __init__(self, logs):
        self.logs = logs

    def lines(self):
        """Every line with the name of its group."""
        for page in self.logs.get_paginator("describe_log_groups").paginate():
            for group in (each["logGroupName"] for each in page["logGroups"]):
                for found in self.logs.get_paginator("filter_log_events").paginate(logGroupName=group):
                    yield from ((group, each["message"]) for each in found["events"])

    def metric(self, name, **dimensions):
        """The sum of a metric over all lines (embedded metric format)."""
        records = (json.loads(line) for _, line in self.lines() if line.startswith("{") and '"_aws"' in line)
        return sum(each.get(name, 0) for each in records if dimensions.items() <= each.items())
