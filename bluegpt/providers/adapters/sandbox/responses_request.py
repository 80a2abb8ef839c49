"""Reading a request of OpenAI's Responses."""

from collections.abc import Mapping
from typing import Any

from bluegpt.providers.adapters.sandbox import attachments, openai_errors
from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, Said
from bluegpt.providers.adapters.sandbox.chat import EFFORTS, user_id
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.models import MODELS

OUTPUT_TOKENS_MIN = 16  # the real one refuses less
_FIELDS = known("openai_responses")
_UNKEPT = (
    "conversation",
    "previous_response_id",
    "prompt",
)  # the sandbox keeps nothing to point at


def read(body: Any) -> Ask:
    """Raises a refusal in OpenAI's words."""
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_FIELDS)
    model = fields.text("model")
    _check_unused(fields)
    thinks, shows_thinking = _thinking(fields, model)
    instructions = fields.text("instructions", "")
    system, turns = _conversation(fields)
    limit = None
    if fields.has("max_output_tokens"):
        limit = fields.integer("max_output_tokens", least=OUTPUT_TOKENS_MIN)
    return Ask(
        model=model,
        system="\n\n".join(filter(None, (instructions, system))),
        turns=turns,
        is_stream=fields.flag("stream"),
        max_output_tokens=limit,
        thinks=thinks,
        shows_thinking=shows_thinking,
        user_id=user_id(fields),
        is_stored=fields.flag("store") if fields.has("store") else None,
    )


def _check_unused(fields: Fields) -> None:
    for name in _UNKEPT:
        if fields.has(name):
            raise fields.refuse(name, "not found; the sandbox keeps nothing")
    if fields.flag("background"):
        raise fields.refuse("background", "the sandbox answers in the foreground only")
    fields.number_within("temperature", 0, 2)
    fields.number_within("top_p", 0, 1)
    fields.choice("truncation", ("auto", "disabled"), "disabled")
    text = fields.inner("text")
    form = text.inner("format") if text else None
    if form and form.text("type") != "text":
        raise form.refuse("type", "the sandbox answers in text only")


def _thinking(fields: Fields, model: str) -> tuple[bool, bool]:
    """Whether the model reasons, and whether its summary is sent.

    A request that does not speak of reasoning gets both; one that does gets what it asks for.
    """
    reasoning = fields.inner("reasoning")
    thinks = model in MODELS and MODELS[model].thinks
    if reasoning is None:
        return thinks, thinks
    thinks = thinks and reasoning.choice("effort", EFFORTS, "medium") != "none"
    summary = reasoning.choice("summary", ("auto", "concise", "detailed"), "")
    return thinks, thinks and bool(summary)


def _conversation(fields: Fields) -> tuple[str, tuple[Said, ...]]:
    if isinstance(fields.raw("input"), str):
        return "", (Said(role="user", text=fields.text("input")),)
    system, turns = [], []
    for item in fields.each("input"):
        if item.text("type", "message") != "message":
            continue  # reasoning and tool calls of earlier answers say nothing to a script
        role = item.choice("role", ("user", "assistant", "system", "developer"))
        said = _said(item, role)
        if role in ("system", "developer"):
            system.append(said.text)
        else:
            turns.append(said)
    if not turns:
        raise fields.refuse("input", "expected at least one message")
    return "\n\n".join(system), tuple(turns)


def _said(item: Fields, role: str) -> Said:
    if isinstance(item.raw("content"), str):
        return Said(role=role, text=item.text("content"))
    texts, attached = [], []
    allowed = ("output_text", "refusal") if role == "assistant" else ("input_text",)
    for part in item.each("content"):
        kind = part.choice("type", (*allowed, "input_image", "input_file"))
        if kind in allowed:
            texts.append(part.text("refusal" if kind == "refusal" else "text"))
        else:
            attached.append(_attachment(part, kind))
    return Said(role=role, text="\n\n".join(texts), attachments=tuple(attached))


def _attachment(part: Fields, kind: str) -> Attachment:
    if part.has("file_id"):
        raise part.refuse("file_id", "the sandbox keeps no files")
    if kind == "input_image":
        return attachments.from_url(part.text("image_url"), part, "image_url")
    if part.has("file_url"):
        return attachments.LINK
    return attachments.from_url(part.text("file_data"), part, "file_data")


def echo(body: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    """The fields of the request that come back in every response object."""
    reasoning = body.get("reasoning") or {}
    text = body.get("text") or {}
    return {
        "background": False,
        "instructions": body.get("instructions"),
        "max_output_tokens": ask.max_output_tokens,
        "max_tool_calls": body.get("max_tool_calls"),
        "metadata": body.get("metadata") or {},
        "model": ask.model,
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": None,
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {
            "effort": reasoning.get("effort") or ("medium" if ask.thinks else None),
            "summary": reasoning.get("summary") or ("auto" if ask.shows_thinking else None),
        },
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": {
            "format": {"type": "text"},
            "verbosity": text.get("verbosity") or "medium",
        },
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_logprobs": body.get("top_logprobs") or 0,
        "top_p": body.get("top_p", 1.0),
        "truncation": body.get("truncation") or "disabled",
    }
