#!/usr/bin/env bash
# Opens or renews the pull request with new prices: propose-prices.sh FOLDER, which holds prices.patch
# and report.txt. Needs GH_TOKEN.
set -euo pipefail
folder="$1"
branch=prices/refresh
if [ ! -s "$folder/prices.patch" ]; then
  echo "no price has moved"
  exit 0
fi

git switch --create "$branch"
git apply --index "$folder/prices.patch"
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \
  commit --message "Prices as AWS lists them today"
git push --force "https://x-access-token:$GH_TOKEN@github.com/$GITHUB_REPOSITORY.git" "$branch"

{
  echo "Read the changed golden cases: they show which figures people will see differently."
  echo "Close and reopen this pull request to start the checks; GitHub starts none for its own."
  echo '```'
  head -c 50000 "$folder/report.txt"
  echo '```'
} > "$folder/body.md"
if [ -n "$(gh pr list --head "$branch" --state open --json number --jq '.[].number')" ]; then
  gh pr edit "$branch" --body-file "$folder/body.md"
else
  gh pr create --base main --head "$branch" --title "Prices as AWS lists them today" --body-file "$folder/body.md"
fi
