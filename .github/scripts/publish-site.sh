#!/usr/bin/env bash
# Publishes the built dashboard in a stage that is deployed: publish-site.sh STAGE [FOLDER].
#
# A page never comes before what it asks for. Files with a hash in their name stay for ever: a page that
# somebody has open still asks for those of its own version. Everything else that is gone goes.
set -euo pipefail
stage="$1"
folder="${2:-dashboard/out}"
hashed="_next/static"

for file in index.html 404.html callback.html "$hashed"; do
  if [ ! -e "$folder/$file" ]; then
    echo "$folder has no $file: run npm --prefix dashboard run build" >&2
    exit 1
  fi
done

outputs="$(aws cloudformation describe-stacks --stack-name "dd0c-cost-$stage-site" \
  --query 'Stacks[0].Outputs' --output json)"
output() {
  jq --raw-output --exit-status --arg key "$1" '.[] | select(.OutputKey == $key).OutputValue' <<<"$outputs" ||
    { echo "the stack dd0c-cost-$stage-site has no output $1: deploy it first" >&2; exit 1; }
}
bucket="s3://$(output SiteBucket)"
distribution="$(output SiteDistributionId)"
front="$(output SiteFrontUrl)"
config="$(output SiteConfig)"

echo "files with a hash in their name"
aws s3 cp "$folder/$hashed" "$bucket/$hashed" --recursive --only-show-errors \
  --cache-control "public, max-age=31536000, immutable"

echo "config.json"
printf '%s' "$config" | aws s3 cp - "$bucket/config.json" --only-show-errors \
  --content-type application/json --cache-control no-cache

# Copied, not synchronised: a page of an older version may have the same size, and an older date.
echo "pages"
others=(--exclude "$hashed/*" --exclude config.json --only-show-errors)
aws s3 cp "$folder" "$bucket" --recursive "${others[@]}" --cache-control no-cache
aws s3 sync "$folder" "$bucket" --delete --size-only "${others[@]}" --cache-control no-cache

# One path, and so one of the thousand a month that are free. It takes the hashed files too, which
# are fetched once more and are the same.
echo "what CloudFront has kept"
aws cloudfront create-invalidation --distribution-id "$distribution" --paths '/*' \
  --query Invalidation.Id --output text

# 404 is kept for ten seconds at the edge, so that a new page may have to be asked for twice.
echo "does it answer"
patient=(--silent --show-error --max-time 10 --retry 6 --retry-delay 3 --retry-all-errors)
if [ "$(curl --fail "${patient[@]}" "$front/config.json")" != "$config" ]; then
  echo "$front/config.json is another one" >&2
  exit 1
fi
curl --fail "${patient[@]}" --output /dev/null "$front/callback"
missing="$(curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$front/no-such-page")"
if [ "$missing" != "404" ]; then
  echo "$front/no-such-page answers $missing in place of 404" >&2
  exit 1
fi
echo "$front answers"
