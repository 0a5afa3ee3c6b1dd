"""What the emulator refuses."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from harness.emulator import OWN_ACCOUNT, REGION


def test_sources_of_aws_and_buses_of_others_are_refused(emulator):
    emulator.client("events").create_event_bus(Name="bus")
    arn = f"arn:aws:events:{REGION}:{OWN_ACCOUNT}:event-bus/bus"

    def answer(source, account):
        entry = {"EventBusName": arn, "Source": source, "DetailType": "any", "Detail": "{}"}
        return emulator.client("events", account).put_events(Entries=[entry])["Entries"][0].get("ErrorCode")

    assert answer("dd0c.test", None) is None
    assert answer("aws.ec2", None) == "NotAuthorizedForSourceException"
    assert answer("dd0c.test", "111122223333") == "ResourceNotFoundException"


def test_a_key_decrypts_with_the_same_context_only(emulator):
    kms = emulator.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"token", EncryptionContext={"tenant": "acme"})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"tenant": "acme"})["Plaintext"] == b"token"
    with pytest.raises(ClientError):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"tenant": "other"})


def test_a_key_may_be_kept_from_all_but_one_role(emulator):
    kms = emulator.client("kms")
    only = {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWN_ACCOUNT}:role/narrow"}}
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN_ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    others = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:Sign", "Resource": "*", "Condition": only}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [root, others]})
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY", Policy=policy)["KeyMetadata"]["KeyId"]
    signed = {"KeyId": key, "Message": b"a message", "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}
    assert as_role(emulator, "kms", ["kms:Sign"], {}).sign(**signed)["Signature"]
    with pytest.raises(ClientError, match="explicit deny"):
        as_role(emulator, "kms", ["kms:Sign"], {}, name="other").sign(**signed)


def test_a_role_gets_at_the_partitions_of_its_policy_alone(emulator):
    table = {"TableName": "things", "BillingMode": "PAY_PER_REQUEST"}
    names = {"AttributeDefinitions": [attribute("PK"), attribute("SK")], "KeySchema": [key("PK", "HASH"), key("SK", "RANGE")]}
    emulator.client("dynamodb").create_table(**table, **names)
    allowed = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["OURS#*"]}}
    dynamodb = as_role(emulator, "dynamodb", ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchGetItem"], allowed)
    ours, theirs = ({"PK": {"S": f"{whose}#1"}, "SK": {"S": "x"}} for whose in ("OURS", "THEIRS"))
    put = [{"Put": {"TableName": "things", "Item": item}} for item in (ours, theirs)]

    def query(item):
        values = {":partition": item["PK"]}
        dynamodb.query(TableName="things", KeyConditionExpression="PK = :partition", ExpressionAttributeValues=values)

    dynamodb.put_item(TableName="things", Item=ours)
    dynamodb.transact_write_items(TransactItems=put[:1])
    dynamodb.batch_get_item(RequestItems={"things": {"Keys": [ours]}})
    query(ours)
    for forbidden in (
        lambda: dynamodb.put_item(TableName="things", Item=theirs),
        lambda: dynamodb.transact_write_items(TransactItems=put),
        lambda: dynamodb.batch_get_item(RequestItems={"things": {"Keys": [ours, theirs]}}),
        lambda: query(theirs),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            forbidden()


def test_a_policy_can_ask_for_an_encryption_context(emulator):
    key = emulator.client("kms").create_key()["KeyMetadata"]["KeyId"]
    wanted = {
        "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant"]},
        "Null": {"kms:EncryptionContext:tenant": "false"},
    }
    kms = as_role(emulator, "kms", ["kms:Encrypt"], wanted)
    kms.encrypt(KeyId=key, Plaintext=b"token", EncryptionContext={"tenant": "acme"})
    for context in ({}, {"other": "acme"}, {"tenant": "acme", "other": "acme"}):
        with pytest.raises(ClientError, match="AccessDenied"):
            kms.encrypt(KeyId=key, Plaintext=b"token", EncryptionContext=context)


def attribute(name):
    return {"AttributeName": name, "AttributeType": "S"}


def key(name, kind):
    return {"AttributeName": name, "KeyType": kind}


def as_role(emulator, service, actions, condition, name="narrow"):
    """A client with these rights and no others."""
    iam, sts = emulator.client("iam"), emulator.client("sts")
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition}
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="narrow", PolicyDocument=policy(statement))
    role = f"arn:aws:iam::{OWN_ACCOUNT}:role/{name}"
    given = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=emulator.endpoint,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def policy(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
