#!/usr/bin/env python3
"""Writes the event patterns of ../contract.json into the template that customers install.

  build.py                    write them
  build.py --check            exit with 1 if the template is not up to date
  build.py --account ID       print the template to publish, with our account in place of the placeholder
"""

import argparse
import hashlib
import json
import re
import sys
import textwrap
from pathlib import Path

TEMPLATE = Path(__file__).with_name("dd0c-cost-readonly.yaml")
CONTRACT = Path(__file__).parents[1] / "contract.json"
PLACEHOLDER_ACCOUNT = "123456789012"
# Characters that EventBridge allows in a pattern, and CloudFormation in a template sent by itself.
MAX_PATTERN, MAX_TEMPLATE = 2_048, 51_200
NO_BREAK = "\u00a0"
WHAT = {
    "calls": "Calls that start, change or end something that costs money",
    "watchdog": "Calls after which nobody might see anything more",
    "states": "EC2 says that an instance has stopped or ended; needs no trail",
}
PATTERNS = re.compile(r"(?<=# patterns: begin)(.*?\n)(.*?)(?= *# patterns: end)", re.DOTALL)
VERSION = re.compile(r"(?<=TemplateVersion: ').*?(?=')")


def flow(value: object) -> str:
    """A value on one line, as a reader of YAML expects it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}:{NO_BREAK}{flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w. -]*", value) else json.dumps(value)


def block(value: dict, indent: str) -> str:
    """A mapping with one line a key; long lists are wrapped."""
    lines = []
    for key, part in value.items():
        if isinstance(part, dict):
            lines.append(f"{indent}{key}:\n{block(part, indent + '  ')}")
        elif len(text := flow(part)) < 80:
            lines.append(f"{indent}{key}: {text}")
        else:
            wrapped = textwrap.fill(
                text, 100, initial_indent=indent + "  ", subsequent_indent=indent + "   ",
                break_long_words=False, break_on_hyphens=False,
            )
            lines.append(f"{indent}{key}:\n{wrapped}")
    return "\n".join(lines).replace(NO_BREAK, " ")


def rule(kind: str, number: int, pattern: dict) -> str:
    size = len(json.dumps(pattern, separators=(",", ":")))
    if size > MAX_PATTERN:
        sys.exit(f"{CONTRACT.name}: pattern {number} of {kind} has {size} characters, EventBridge takes {MAX_PATTERN}")
    return f"""
{kind.capitalize()}{number}:
  Type: AWS::Events::Rule
  Properties:
    Name: dd0c-cost-{kind}-{number}
    Description: {WHAT[kind]}
    EventPattern:
{block(pattern, "      ")}
    Targets:
      - {{Id: dd0c-cost-bus, Arn: !Ref BusArn, RoleArn: !Ref ForwardRoleArn}}
"""


def filled(template: str, contract: dict) -> str:
    if unknown := contract["patterns"].keys() - WHAT.keys():
        sys.exit(f"{CONTRACT.name}: patterns of an unknown kind: {', '.join(unknown)}. Describe them in WHAT.")
    rules = "".join(
        rule(kind, number, pattern)
        for kind in WHAT
        for number, pattern in enumerate(contract["patterns"][kind], start=1)
    )
    rules = textwrap.indent(rules.lstrip("\n"), " " * 10)
    template = PATTERNS.sub(lambda found: found[1] + rules, template)
    digest = hashlib.sha256(VERSION.sub("", template).encode()).hexdigest()
    return VERSION.sub(digest[:12], template)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--account")
    options = parser.parse_args()

    written = TEMPLATE.read_text()
    wanted = filled(written, json.loads(CONTRACT.read_text()))
    if len(wanted) > MAX_TEMPLATE:
        sys.exit(f"{TEMPLATE.name} has {len(wanted)} characters, CloudFormation takes {MAX_TEMPLATE}")
    if options.account and not re.fullmatch(r"\d{12}", options.account):
        sys.exit(f"--account wants 12 digits, not {options.account}")
    if (options.check or options.account) and written != wanted:
        sys.exit(f"{TEMPLATE.name} is old; write it anew with: python3 infra-cdk/customer/build.py")
    if options.account:
        print(wanted.replace(PLACEHOLDER_ACCOUNT, options.account), end="")
    elif not options.check:
        TEMPLATE.write_text(wanted)


if __name__ == "__main__":
    main()
