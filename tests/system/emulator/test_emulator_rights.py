"""What the emulator refuses."""

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
