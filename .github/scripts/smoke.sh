#!/usr/bin/env bash
# Whether a stage stands up: smoke.sh STAGE. Changes nothing but what an hourly schedule does anyway.
set -euo pipefail
stage="$1"
prefix="dd0c-cost-$stage-"

echo "functions are ready"
functions="$(aws lambda list-functions --query "Functions[?starts_with(FunctionName, '$prefix')].FunctionName" --output text)"
test -n "$functions"
for function in $functions; do
  aws lambda wait function-active-v2 --function-name "$function"
done

echo "account-lifecycle reaches the table"
answer="$(mktemp)"
failed="$(aws lambda invoke --function-name "${prefix}account-lifecycle" --payload '{"task":"promote"}' \
  --cli-binary-format raw-in-base64-out --query FunctionError --output text "$answer")"
if [ "$failed" != "None" ]; then
  cat "$answer" >&2
  exit 1
fi

echo "nothing has ended in a dead-letter queue"
queues="$(aws sqs list-queues --queue-name-prefix "$prefix" --query "QueueUrls[?contains(@, '-dlq')]" --output text)"
test -n "$queues"
for queue in $queues; do
  waiting="$(aws sqs get-queue-attributes --queue-url "$queue" --attribute-names ApproximateNumberOfMessages \
    --query Attributes.ApproximateNumberOfMessages --output text)"
  if [ "$waiting" != "0" ]; then
    echo "$queue holds $waiting messages: see docs/OPERATING.md" >&2
    exit 1
  fi
done
echo "$stage stands"
