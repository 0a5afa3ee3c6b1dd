"""`.github/scripts/publish-site.sh` on an emulator: what lies in the bucket afterwards, and how long it may be kept."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT

SCRIPT = ROOT / ".github/scripts/publish-site.sh"
REGION = "us-east-1"
BUCKET = "dd0c-cost-dev-site-000000000000"
CONFIG = json.dumps({"apiUrl": "https://api.example.com", "issuer": "https://a", "clientId": "b", "local": False})
HASHED = "public, max-age=31536000, immutable"
PAGES = {
    "index.html": "<p>first",
    "404.html": "<p>nothing here",
    "callback.html": "<p>back",
    "dashboard/zombies.html": "<p>zombies",
    "dashboard/zombies.txt": "payload",
    "icon.svg": "<svg/>",
    "_next/static/chunks/a1b2.js": "1",
    "_next/static/media/c3d4.woff2": "2",
}


@pytest.fixture(scope="module")
def s3(aws):
    return aws.client("s3", REGION)


@pytest.fixture(scope="module")
def site(aws, s3):
    """What the script is told of the stack `site`: its address is that of a server before the bucket."""
    with served(s3) as front:
        cloudformation = aws.client("cloudformation", REGION)
        template = json.dumps(stack_of(front))
        cloudformation.create_stack(StackName="dd0c-cost-dev-site", TemplateBody=template)
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName="dd0c-cost-dev-site", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        yield front


def stack_of(front: str) -> dict:
    origin = {"Id": "bucket", "DomainName": f"{BUCKET}.s3.amazonaws.com", "S3OriginConfig": {}}
    config = {
        "Enabled": True,
        "Origins": [origin],
        "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https"},
    }
    outputs = {
        "SiteBucket": {"Ref": "Bucket"},
        "SiteDistributionId": {"Ref": "Distribution"},
        "SiteFrontUrl": front,
        "SiteConfig": CONFIG,
    }
    return {
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}},
            "Distribution": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": config},
            },
        },
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }


@contextmanager
def served(s3):
    """Gives out what lies in the bucket, by the rule of infra-cdk/lib/edge/file-of.js as far as it is asked here."""

    class Front(BaseHTTPRequestHandler):
        def do_GET(self):
            key = self.path.lstrip("/")
            try:
                found = s3.get_object(Bucket=BUCKET, Key=key if "." in key else f"{key}.html")
                status, body = 200, found["Body"].read()
            except s3.exceptions.ClientError:
                status, body = 404, b""
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def built(tmp_path):
    return build(tmp_path / "out", PAGES)


def build(folder: Path, pages: dict) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def publish(aws, folder: Path, stage: str = "dev") -> subprocess.CompletedProcess:
    beside = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    command = [SCRIPT, stage, folder]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def good(done: subprocess.CompletedProcess) -> None:
    assert done.returncode == 0, done.stdout + done.stderr


def keys(s3) -> set[str]:
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_files_say_how_long_they_may_be_kept_and_what_they_are(aws, s3, site, built):
    good(publish(aws, built))
    assert keys(s3) == {*PAGES, "config.json"}
    types = {"html": "text/html", "txt": "text/plain", "svg": "image/svg+xml", "json": "application/json"}
    for key in keys(s3):
        head = s3.head_object(Bucket=BUCKET, Key=key)
        assert head["CacheControl"] == (HASHED if key.startswith("_next/static/") else "no-cache"), key
        ending = key.rpartition(".")[2]
        if ending in types:
            assert head["ContentType"] == types[ending], key
    script = s3.head_object(Bucket=BUCKET, Key="_next/static/chunks/a1b2.js")
    assert script["ContentType"] in {"text/javascript", "application/javascript"}


def test_the_pages_are_told_what_the_stack_says(aws, s3, site, built):
    # One that a build has left for a machine of its own does not count.
    (built / "config.json").write_text('{"local": true}')
    good(publish(aws, built))
    assert s3.get_object(Bucket=BUCKET, Key="config.json")["Body"].read().decode() == CONFIG


def test_going_back_to_an_older_build_of_the_same_size_takes(aws, s3, site, built):
    good(publish(aws, built))
    (built / "index.html").write_text("<p>older")
    long_ago = time.time() - 10 * 86_400
    os.utime(built / "index.html", (long_ago, long_ago))
    good(publish(aws, built))
    assert s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read() == b"<p>older"


def test_a_page_that_is_gone_goes_and_what_open_pages_still_ask_for_stays(aws, s3, site, built, tmp_path):
    good(publish(aws, built))
    (built / "dashboard/zombies.html").unlink()
    (built / "_next/static/chunks/a1b2.js").rename(built / "_next/static/chunks/e5f6.js")
    good(publish(aws, built))
    found = keys(s3)
    assert "dashboard/zombies.html" not in found
    assert {"_next/static/chunks/a1b2.js", "_next/static/chunks/e5f6.js", "config.json"} <= found


def test_what_cloudfront_has_kept_is_given_up(aws, s3, site, built):
    cloudfront = aws.client("cloudfront", REGION)
    cloudformation = aws.client("cloudformation", REGION)
    [stack] = cloudformation.describe_stacks(StackName="dd0c-cost-dev-site")["Stacks"]
    [distribution] = [each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "SiteDistributionId"]

    def invalidations() -> int:
        return cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Quantity"]

    before = invalidations()
    good(publish(aws, built))
    assert invalidations() == before + 1


@pytest.mark.parametrize("missing", ["index.html", "404.html", "callback.html"])
def test_half_a_build_is_refused_before_anything_is_touched(aws, s3, site, built, missing):
    good(publish(aws, built))
    (built / missing).unlink()
    (built / "icon.svg").write_text("<svg>other</svg>")
    done = publish(aws, built)
    assert done.returncode == 1
    assert f"has no {missing}: run npm --prefix dashboard run build" in done.stderr
    assert s3.get_object(Bucket=BUCKET, Key="icon.svg")["Body"].read() == b"<svg/>"


def test_a_stage_that_is_not_deployed_is_refused(aws, built):
    done = publish(aws, built, stage="prod")
    assert done.returncode != 0
    assert "dd0c-cost-prod-site" in done.stderr
    assert "files with a hash" not in done.stdout
