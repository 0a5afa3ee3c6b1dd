#!/usr/bin/env python3
"""Stored names in infra-cdk/contract.json may be added, never renamed or removed.

  contract_is_additive.py BASE    BASE is a commit, such as origin/main

What is in the table outlives the code that wrote it: a name that goes makes old items unreadable.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACT = "infra-cdk/contract.json"
# Generated, or deployed together with the code that reads it.
FREE = {"patterns", "functions", "optionalEnvironment"}


def lost(before: object, after: object, where: str = "") -> list[str]:
    """Places of `before` that are gone or different in `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [name for name in before if where or name not in FREE]
        return [place for name in names for place in lost_at(name, before, after, where)]
    if isinstance(before, list) and isinstance(after, list):
        return lost(by_name(before), by_name(after), where or "list")
    return [] if before == after else [f"{where}: {json.dumps(before)} became {json.dumps(after)}"]


def lost_at(name: str, before: dict, after: dict, where: str) -> list[str]:
    place = f"{where}.{name}" if where else name
    return lost(before[name], after[name], place) if name in after else [f"{place} is gone"]


def by_name(items: list) -> dict:
    """A list has no order that matters: its parts go by their name, or by what they are."""
    return {item["name"] if isinstance(item, dict) else str(item): item for item in items}


def at(commit: str) -> dict:
    """The contract of a commit, which need not have one."""
    return json.loads(git("show", f"{commit}:{CONTRACT}")) if git("ls-tree", "--name-only", commit, CONTRACT) else {}


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    places = lost(at(sys.argv[1]), json.loads((ROOT / CONTRACT).read_text()))
    for place in places:
        print(f"{CONTRACT}: {place}")
    if places:
        sys.exit("Stored names may be added, never renamed or removed.")


if __name__ == "__main__":
    main()
