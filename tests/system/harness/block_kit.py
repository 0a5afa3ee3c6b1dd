"""The limits of Block Kit, which Slack answers with `invalid_blocks` or worse."""

BLOCKS, SECTION, HEADER, FIELD, FIELDS, ELEMENTS, TEXT, BUTTON, VALUE, ACTION = 50, 3000, 150, 2000, 10, 25, 40_000, 75, 2000, 255
KINDS = {"header", "section", "context", "actions", "divider", "image", "input", "rich_text"}


def faults(message):
    """What Slack would refuse, in its words."""
    if not message.get("text"):
        yield "no_text"
    if len(message.get("text") or "") > TEXT:
        yield "msg_too_long"
    blocks = message.get("blocks") or []
    if len(blocks) > BLOCKS:
        yield "invalid_blocks: too many"
    for block in blocks:
        yield from (f"invalid_blocks: {each}" for each in of_block(block))


def of_block(block):
    kind = block.get("type")
    if kind not in KINDS:
        yield f"unknown kind {kind}"
    if kind == "header":
        yield from of_text(block.get("text"), HEADER, only="plain_text")
    if kind == "section":
        yield from of_section(block)
    if kind == "context":
        yield from of_context(block.get("elements") or [])
    if kind == "actions":
        yield from of_actions(block.get("elements") or [])


def of_section(block):
    fields = block.get("fields") or []
    if "text" not in block and not fields:
        yield "section with neither text nor fields"
    if "text" in block:
        yield from of_text(block["text"], SECTION)
    if len(fields) > FIELDS:
        yield "too many fields"
    for field in fields:
        yield from of_text(field, FIELD)


def of_context(elements):
    if not 1 <= len(elements) <= 10:
        yield "context needs 1 to 10 elements"
    for element in elements:
        if element.get("type") != "image":
            yield from of_text(element, SECTION)


def of_actions(elements):
    if not 1 <= len(elements) <= ELEMENTS:
        yield "actions needs 1 to 25 elements"
    names = [each.get("action_id") for each in elements]
    if len(set(names)) != len(names):
        yield "action_id is not unique"
    for element in elements:
        if element.get("type") == "button":
            yield from of_text(element.get("text"), BUTTON, only="plain_text")
        if len(element.get("value") or "") > VALUE or len(element.get("action_id") or "") > ACTION:
            yield "too long an element"


def of_text(text, limit, only=None):
    if not isinstance(text, dict) or text.get("type") not in ([only] if only else ["plain_text", "mrkdwn"]):
        yield "text of a wrong kind"
    elif not 1 <= len(text.get("text") or "") <= limit:
        yield f"text of {len(text.get('text') or '')} characters, 1 to {limit} allowed"
