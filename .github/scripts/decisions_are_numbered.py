#!/usr/bin/env python3
"""Pages in docs/decisions are numbered 0001, 0002, … without gap or double, as their titles are."""

import re
import sys
from pathlib import Path

DECISIONS = Path(__file__).parents[2] / "docs/decisions"


def faults(pages: dict[str, str]) -> list[str]:
    """What is wrong with the pages, given as file name and first line."""
    found = []
    for expected, (name, title) in enumerate(sorted(pages.items()), start=1):
        if not re.fullmatch(rf"{expected:04}-[a-z0-9-]+\.md", name):
            found.append(f"{name}: the next page is {expected:04}-….md")
        if not title.startswith(f"# {expected}. "):
            found.append(f"{name}: its title must begin with '# {expected}. '")
    return found


def main() -> None:
    pages = {page.name: page.read_text().partition("\n")[0] for page in DECISIONS.glob("*.md")}
    if problems := faults(pages):
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
