"""Who signs in by GitHub is told to Cognito by an issuer of ours: here the test is Cognito, and the rest is
deployed."""

import base64
import hashlib
import json
import urllib.parse
import urllib.request

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness.browser import Browser
from harness.people import asked, claims

VERIFIER = "a-verifier-of-cognito-s-own-that-is-long-enough"


@pytest.fixture
def cognito(system):
    """What Cognito is known by to the issuer."""
    return system.secret("GITHUB_SECRET")


def fetch(system, path, form=None, **headers):
    body = urllib.parse.urlencode(form).encode() if form else None
    answer = asked(urllib.request.Request(f"{system.github_door.url}{path}", body, headers))
    system.heard.append(answer)
    return answer


def come_by_github(system, cognito, login, **changes):
    """Somebody is sent by Cognito, says at GitHub who he is, and is sent back: what Cognito gets to see."""
    [back] = cognito["redirect_uris"]
    fields = {
        "client_id": cognito["client_id"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "openid email profile",
        "state": "cognito-state",
        "nonce": "cognito-nonce",
        "code_challenge": encoded(hashlib.sha256(VERIFIER.encode()).digest()),
        "code_challenge_method": "S256",
        **changes,
    }
    person = Browser()
    status, page, text = person.open(f"{system.github_door.url}/authorize?{urllib.parse.urlencode(fields)}")
    assert (status, "Sign in to GitHub" in text) == (200, True), text
    _, url, _ = person.open(page, {"name": login})
    assert url.startswith(f"{back}?"), url
    return {name: value for name, [value] in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


def bring(system, cognito, code, secret=None, verifier=VERIFIER):
    """Cognito brings a code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": cognito["redirect_uris"][0], "code_verifier": verifier}
    # The emulator's secrets have punctuation, whatever it was told.
    known = ":".join(urllib.parse.quote(each, safe="") for each in (cognito["client_id"], secret or cognito["client_secret"]))
    known = base64.b64encode(known.encode()).decode()
    return fetch(system, "/token", form, Authorization=f"Basic {known}")


def test_cognito_hears_signed_who_somebody_is(system, cognito):
    issuer = fetch(system, "/.well-known/openid-configuration").body
    assert issuer["issuer"] == system.github_door.url
    came = come_by_github(system, cognito, "ana")
    assert came["state"] == "cognito-state"
    answer = bring(system, cognito, came["code"])
    assert answer.status == 200, answer
    token = answer.body["id_token"]
    system.secrets += [token, answer.body["access_token"]]
    said = claims(token)
    assert (said["iss"], said["aud"], said["nonce"]) == (system.github_door.url, cognito["client_id"], "cognito-nonce")
    assert (said["email"], said["email_verified"], said["name"]) == ("ana@example.com", True, "Ana Example")
    is_signed(token, fetch(system, urllib.parse.urlsplit(issuer["jwks_uri"]).path).body["keys"])

    told = fetch(system, "/userinfo", Authorization=f"Bearer {answer.body['access_token']}")
    assert (told.status, told.body["sub"], told.body["email"]) == (200, said["sub"], "ana@example.com")


def is_signed(token, keys):
    """By one of these, and it says by which."""
    content, _, signature = token.rpartition(".")
    head = json.loads(decoded(content.partition(".")[0]))
    [key] = [each for each in keys if each["kid"] == head["kid"]]
    assert (head["alg"], key["kty"]) == ("RS256", "RSA")
    numbers = rsa.RSAPublicNumbers(*(int.from_bytes(decoded(key[name])) for name in ("e", "n")))
    public = numbers.public_key()
    public.verify(decoded(signature), content.encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(decoded(signature), content.encode() + b"x", padding.PKCS1v15(), hashes.SHA256())


def test_a_code_is_good_once_and_for_cognito_alone(system, cognito):
    code = come_by_github(system, cognito, "ana")["code"]
    stranger = bring(system, cognito, code, secret="guessed")
    assert (stranger.status, stranger.body["error"]) == (401, "invalid_client")
    assert bring(system, cognito, code).status == 200
    again = bring(system, cognito, code)
    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    other = come_by_github(system, cognito, "ana")["code"]
    assert bring(system, cognito, other, verifier="another-verifier").body["error"] == "invalid_grant"


def test_whose_first_address_is_not_verified_has_none(system, cognito):
    for login in ("ben", "cleo"):
        answer = bring(system, cognito, come_by_github(system, cognito, login)["code"])
        said = claims(answer.body["id_token"])
        assert said["sub"] and not {"email", "email_verified"} & set(said), login


def test_people_are_sent_back_to_cognito_and_to_nobody_else(system, cognito):
    query = {"client_id": cognito["client_id"], "redirect_uri": "https://evil.example/", "response_type": "code", "scope": "openid"}
    answer = fetch(system, f"/authorize?{urllib.parse.urlencode(query)}")
    assert answer.status == 400 and "evil" not in answer.text
    # Somebody else's browser: no cookie of the one that was sent.
    assert fetch(system, f"/callback?code=1&state={'0' * 64}").status == 400


def encoded(part):
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
