"""A handler and the loop around it, with what Python brings along."""

import http.client
import json
import os

BASE = "/2018-06-01/runtime/invocation"
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", f"{BASE}/next")
    invocation = api.getresponse()
    event = json.loads(invocation.read())
    answer = json.dumps({"hello": event["name"]})
    api.request("POST", f"{BASE}/{invocation.headers['Lambda-Runtime-Aws-Request-Id']}/response", answer)
    api.getresponse().read()
