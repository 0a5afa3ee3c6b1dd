"""Synthesises every stage and runs cfn-lint over the templates.

cfn-lint is taken from the environment variable CFN_LINT, else from PATH.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

APP = Path(__file__).resolve().parent.parent
STAGES = ("dev", "prod", "test")


def main() -> int:
    linter = os.environ.get("CFN_LINT") or shutil.which("cfn-lint")
    if not linter:
        print("cfn-lint is missing: pip install cfn-lint, or set CFN_LINT", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        templates = [template for stage in STAGES for template in synthesise(stage, Path(folder))]
        # W3005: CDK writes DependsOn beside references that say the same.
        command = [linter, "--regions", "us-east-1", "--ignore-checks", "W3005", "--"]
        status = subprocess.run(command + templates, check=False).returncode
    print(f"cfn-lint: {len(templates)} templates, " + ("clean" if status == 0 else "findings"))
    return status


def synthesise(stage: str, folder: Path) -> list[str]:
    """The templates of one stage, with stubs for functions that were not built."""
    out = folder / stage
    context = json.loads((APP / "cdk.json").read_text())["context"]
    context |= {"stage": stage, "allowStubs": "true"}
    environment = os.environ | {"CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(context)}
    command = ["node", "--import", "tsx", "bin/app.ts"]
    subprocess.run(command, cwd=APP, env=environment, check=True, stdout=sys.stderr)
    return sorted(str(path) for path in out.glob("*.template.json"))


if __name__ == "__main__":
    sys.exit(main())
