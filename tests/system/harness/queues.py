"""Queues by the variable that names them to the functions."""


class Queues:
    def __init__(self, sqs, address):
        self.sqs, self.address = sqs, address

    def depth(self, name):
        """Messages in a queue, visible or not."""
        kinds = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        found = self.sqs.get_queue_attributes(QueueUrl=self.address(name), AttributeNames=kinds)["Attributes"]
        return sum(int(each) for each in found.values())

    def peek(self, name):
        """Messages of a queue, which stay in it."""
        return self._receive(name, VisibilityTimeout=0)

    def send(self, name, body, group=None, identity=None, **attributes):
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": identity} if group else {}
        typed = {key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()}
        self.sqs.send_message(QueueUrl=self.address(name), MessageBody=body, MessageAttributes=typed, **fifo)

    def redrive(self, dead, to):
        """Moves what is in a dead-letter queue back, as StartMessageMoveTask does; the emulator has
        no such call. A message keeps the identity under which duplicates are dropped: AWS does not
        promise another one."""
        while messages := self._receive(dead):
            for message in messages:
                fifo = [message["Attributes"].get(name) for name in ("MessageGroupId", "MessageDeduplicationId")]
                self.send(to, message["Body"], *fifo)
                self.sqs.delete_message(QueueUrl=self.address(dead), ReceiptHandle=message["ReceiptHandle"])

    def empty_all(self):
        for url in self.sqs.list_queues().get("QueueUrls", []):
            self.sqs.purge_queue(QueueUrl=url)

    def _receive(self, name, **options):
        wanted = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10}
        return self.sqs.receive_message(QueueUrl=self.address(name), **wanted, **options).get("Messages", [])
