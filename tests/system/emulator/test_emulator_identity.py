"""People who sign in, and strangers who publish."""

import base64
import json
import urllib.request

import pytest
from botocore.exceptions import ClientError

from emulator.probe import messages, queue
from harness.deadline import until
from harness.emulator import REGION

PASSWORD = "a-Long-enough-1"


def test_somebody_signs_up_and_the_keys_for_his_token_are_at_the_emulator(emulator):
    cognito = emulator.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="dashboard", ExplicitAuthFlows=flows)
    client = client["UserPoolClient"]["ClientId"]
    person = cognito.sign_up(ClientId=client, Username="ana", Password=PASSWORD)["UserSub"]
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username="ana")
    answer = cognito.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD}
    )
    head, claims = (part(answer["AuthenticationResult"]["AccessToken"], nth) for nth in (0, 1))
    assert (claims["sub"], claims["client_id"], claims["token_use"]) == (person, client, "access")
    assert claims["iss"] == f"https://cognito-idp.{REGION}.amazonaws.com/{pool}"
    with urllib.request.urlopen(f"{emulator.endpoint}/{pool}/.well-known/jwks.json", timeout=5) as keys:
        assert head["kid"] in [key["kid"] for key in json.load(keys)["keys"]]


def test_strangers_publish_what_the_filter_lets_through_and_do_nothing_else(emulator):
    url, arn = queue(emulator, "accounts")
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="callback")["TopicArn"]
    anybody, ours = {"AWS": "*"}, {"Service": "sns.amazonaws.com"}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy("sns:Publish", anybody, topic))
    emulator.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy("sqs:SendMessage", ours, arn)})
    attributes = {
        "RawMessageDelivery": "true",
        "FilterPolicyScope": "MessageBody",
        "FilterPolicy": json.dumps({"RequestType": ["Create", "Delete"]}),
    }
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    stranger = emulator.client("sns", account="444455556666")
    for body in ({"task": "purge"}, {"RequestType": "Other"}, {"RequestType": "Create"}):
        stranger.publish(TopicArn=topic, Message=json.dumps(body))
    [message] = until("what may pass has come", lambda: messages(emulator, url))
    assert json.loads(message["Body"]) == {"RequestType": "Create"}
    with pytest.raises(ClientError, match="not authorized"):
        stranger.subscribe(TopicArn=topic, Protocol="email", Endpoint="ben@example.com")


def test_templates_have_no_identity_providers(emulator):
    cloud = emulator.client("cloudformation")
    provider = {"UserPoolId": "any", "ProviderName": "GitHub", "ProviderType": "OIDC"}
    resources = {"Provider": {"Type": "AWS::Cognito::UserPoolIdentityProvider", "Properties": provider}}

    def ended():
        [stack] = cloud.describe_stacks(StackName="providers")["Stacks"]
        return not stack["StackStatus"].endswith("IN_PROGRESS") and stack["StackStatus"]

    try:
        cloud.create_stack(StackName="providers", TemplateBody=json.dumps({"Resources": resources}))
    except ClientError as refused:
        assert "UserPoolIdentityProvider" in str(refused)
    else:
        assert until("it ends", ended) != "CREATE_COMPLETE"


def policy(action, principal, resource):
    allowed = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


def part(token, nth):
    text = token.split(".")[nth]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
