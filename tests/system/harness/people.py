"""People who sign in, and programs with keys: what they ask the API, and what they are answered."""

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field

PASSWORD = "a-Long-enough-1"


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict
    headers: dict = field(repr=False)
    text: str = field(repr=False)

    @property
    def code(self):
        """The stable word of a problem."""
        return self.body.get("code")


class Pool:
    """The deployed user pool, in stage test with passwords."""

    def __init__(self, cognito, outputs):
        self.cognito, self.pool, self.client = cognito, outputs["UserPoolId"], outputs["ClientId"]

    def sign_up(self, name):
        """Somebody new; the number under which the pool knows him."""
        emails = [{"Name": "email", "Value": name}]
        person = self.cognito.sign_up(ClientId=self.client, Username=name, Password=PASSWORD, UserAttributes=emails)
        self.cognito.admin_confirm_sign_up(UserPoolId=self.pool, Username=name)
        return person["UserSub"]

    def sign_in(self, name, client=None):
        """His tokens, by kind: `AccessToken`, `IdToken`, `RefreshToken`."""
        return self.cognito.initiate_auth(
            ClientId=client or self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]


class Caller:
    """Somebody who asks the API at this address with this credential."""

    def __init__(self, url, credential, heard):
        self.url, self.credential, self.heard = url, credential, heard

    def get(self, path, **headers):
        return self.ask("GET", path, None, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def delete(self, path, body=None, **headers):
        return self.ask("DELETE", path, body, **headers)

    def ask(self, method, path, body, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.credential is not None:
            headers.setdefault("Authorization", f"Bearer {self.credential}")
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        answer = asked(urllib.request.Request(f"{self.url}{path}", content, headers, method=method))
        self.heard.append(answer)
        return answer


def claims(token):
    """What a token says."""
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def asked(request):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=60) as answer:
            return read(answer)
    except urllib.error.HTTPError as answer:
        return read(answer)


def read(answer):
    text = answer.read().decode()
    is_json = "json" in answer.headers.get("Content-Type", "")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, json.loads(text) if is_json and text else {}, headers, text)
