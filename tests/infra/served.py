"""`dd0c-cost serve` on a free port of this machine, and people who sign in there."""

import base64
import contextlib
import hashlib
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import requests
from conftest import ROOT

CLIENT = "dashboard"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Its address."""
    cargo = [os.environ.get("CARGO", "cargo"), "run", "--quiet", "-p", "dd0c-cost", "--"]
    command = [*cargo, "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            yield re.search(r"http://127\.0\.0\.1:\d+", line)[0]
        finally:
            process.terminate()


def sign_in(base: str, name: str) -> str:
    """An access token, as a browser gets one: authorization code with PKCE."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    back = f"{base}/callback"
    asked = {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = f"{base}/login/oauth2/authorize"
    sent = requests.post(page, params=asked, data={"name": name}, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    grant = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    tokens = requests.post(f"{base}/login/oauth2/token", data=grant, timeout=10)
    tokens.raise_for_status()
    return tokens.json()["access_token"]
