#!/usr/bin/env bash
# AWS's price lists of all regions, as docs/RECIPES.md describes: download-price-lists.sh FOLDER
set -euo pipefail
folder="$1"
list=https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws
mkdir -p "$folder"

# Regions have one number, at the end; local and Wavelength zones have more.
regions="$(curl -fsS --retry 3 "$list/AmazonEC2/current/region_index.json" |
  jq -r '.regions[].regionCode | select(test("^[a-z]{2}(-[a-z]+)+-[0-9]+$"))')"
for offer in AmazonEC2 AmazonVPC AmazonRDS AWSLambda AmazonDocDB AmazonNeptune; do
  sold="$(curl -fsS --retry 3 "$list/$offer/current/region_index.json" | jq -r '.regions[].regionCode')"
  for region in $regions; do
    # Not every service is sold everywhere. A list that should be there and is not fails the run.
    grep -qx "$region" <<<"$sold" || continue
    # Compressed on the way and on the disk: EC2 of one region is some 450 MB.
    curl -fsS --retry 3 -H 'Accept-Encoding: gzip' "$list/$offer/current/$region/index.csv" -o "$folder/$offer-$region.csv.gz"
    gzip -t "$folder/$offer-$region.csv.gz"
  done
done
