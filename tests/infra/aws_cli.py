"""The AWS CLI up to where a call would be sent: its own parser, and its models of the services. A program of its
own, since the AWS CLI brings another botocore than boto3's: command lines as JSON go in, one a line, what would be
sent or why it is refused comes out. It cannot reach a network."""

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
from itertools import groupby
from pathlib import Path


class Refused(Exception):
    """Why the AWS CLI or a service would not take a command."""


def parsed(commands: list[list[str]]) -> list[dict]:
    """Of each command, given as words without `aws`, what would be sent, or `refused` with the reason."""
    order = sorted(range(len(commands)), key=lambda nth: commands[nth][:2])
    asked = "".join(json.dumps(commands[nth]) + "\n" for nth in order)
    # None of the AWS settings and credentials of whoever runs the tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    program = [sys.executable, str(Path(__file__))]
    done = subprocess.run(program, input=asked, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answers = dict(zip(order, map(json.loads, done.stdout.splitlines())))
    return [answers[nth] for nth in range(len(commands))]


def block_network():
    def refuse(*_, **__):
        raise Refused("a test of commands must not reach for the network")

    socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
    socket.getaddrinfo = refuse


class AwsCli:
    def __init__(self):
        from awscli import clidriver
        from awscli.customizations import waiters

        self.asked = asked = []

        class Asked(clidriver.CLIOperationCaller):
            """Stands where the call would be made."""

            def invoke(self, service_name, operation_name, parameters, parsed_globals):
                asked.append((service_name, operation_name, parameters, parsed_globals))
                return 0

        clidriver.CLIOperationCaller = Asked
        waiters.WaiterCaller.invoke = Asked.invoke
        self.driver = clidriver.create_clidriver()

    def parse(self, words: list[str]) -> dict:
        self.asked.clear()
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                code = self.driver.main(words)
        except SystemExit as end:
            code = end.code
        if code != 0 or len(self.asked) != 1:
            raise Refused(said.getvalue().strip()[-500:])
        service, operation, parameters, settings = self.asked[0]
        parameters.pop("PaginationConfig", None)  # for the paginator of the CLI, and not sent
        model = self.driver.session.get_service_model(service).operation_model(operation)
        faults = [*faults_of(model, parameters), *shortened(words, self.options(words))]
        faults += nothing_found(settings.query, model.output_shape)
        if faults:
            raise Refused("\n".join(faults))
        return {"service": service, "operation": operation, "parameters": parameters, "region": settings.region}

    def options(self, words: list[str]) -> set[str]:
        """Those of the operation, and those that all have."""
        service = self.driver._get_command_table()[words[0]]
        operation = service._get_command_table()[words[1]]
        if words[1] == "wait":
            operation = operation.subcommand_table[words[2]]
        return set(operation.arg_table) | set(self.driver._get_argument_table())


def faults_of(model, parameters):
    """What the service's model does not allow: types and parts that are missing, then words."""
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(parameters, model.input_shape)
    if report.has_errors():
        yield report.generate_report()
    else:
        yield from not_allowed(parameters, model.input_shape)


def not_allowed(value, shape, path=""):
    """Words that are none of a model's: the validator of the CLI leaves them to the service."""
    if shape.type_name == "structure":
        yield from (f"{path}.{name} is unknown" for name in value.keys() - shape.members.keys())
        for name in value.keys() & shape.members.keys():
            yield from not_allowed(value[name], shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for part in value:
            yield from not_allowed(part, shape.member, path)
            # Words that only the model's description lists.
            if path == ".ScalingProcesses" and part not in shape.documentation:
                yield f"{path}: {part!r} is no process"
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path}: {value!r} is none of {shape.enum}"


def shortened(words: list[str], options: set[str]) -> list[str]:
    """The parser takes the beginning of an option for the option; a person should read all of it."""
    named = [word[2:].split("=")[0] for word in words if word.startswith("--")]
    return [f"--{name} is no option" for name in named if name not in options]


def nothing_found(query, output) -> list[str]:
    """A query that finds nothing in an answer of this shape would put `None` into a command."""
    from botocore.utils import ArgumentGenerator

    if query is None:
        return []
    found = query.search(ArgumentGenerator(use_member_names=True).generate_skeleton(output))
    return [] if found and all(flat(found)) else [f"{query.expression} finds nothing"]


def flat(found):
    if isinstance(found, list):
        for part in found:
            yield from flat(part)
    else:
        yield found


def main():
    block_network()
    # What customises the parser for one operation stays registered and is in the way of others.
    for _, alike in groupby(map(json.loads, sys.stdin), key=lambda words: words[:2]):
        cli = AwsCli()
        for words in alike:
            try:
                answer = cli.parse(words)
            except Refused as refusal:
                answer = {"refused": str(refusal)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
