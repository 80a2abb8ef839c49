"""Google's generateContent: whole candidates, a little longer each time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import attachments, google_errors
from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, Said
from bluegpt.providers.adapters.sandbox.dialect import (
    HOLE,
    Answer,
    Frames,
    data_event,
    halves,
)
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.models import MODELS
from bluegpt.providers.adapters.sandbox.plan import Counts, Finish
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

_FIELDS = known("google_generate")
_FINISHES = {
    Finish.COMPLETE: "STOP",
    Finish.STOP: "STOP",
    Finish.LENGTH: "MAX_TOKENS",
    Finish.REFUSAL: "SAFETY",
    Finish.FILTER: "PROHIBITED_CONTENT",
}
_HOLE_TEXT = orjson.Fragment(b'"%b"' % HOLE)


class Gemini:
    """`POST /v1/models/{model}:generateContent` and its streaming sister.

    The model and the streaming are in the address; the server puts them into the body.
    """

    wire = "google_generate"
    request_id_header = google_errors.REQUEST_ID_HEADER
    errors: Mapping[str, Wording] = google_errors.ERRORS

    def read(self, body: Any, headers: Mapping[str, str]) -> Ask:
        fields = Fields(body, google_errors.VOICE)
        fields.only(_FIELDS)
        config = fields.inner("generationConfig") or Fields({}, google_errors.VOICE)
        if config.integer("candidateCount", least=1, default=1) != 1:
            raise config.refuse("candidateCount", "the sandbox gives one candidate")
        limit = (
            config.integer("maxOutputTokens", least=1) if config.has("maxOutputTokens") else None
        )
        model = fields.text("model")
        thinks, shows_thinking = _thinking(config, model)
        system = fields.inner("systemInstruction")
        turns = tuple(map(_said, fields.each("contents")))
        if not turns:
            raise fields.missing("contents")
        return Ask(
            model=model,
            system=_said(system).text if system else "",
            turns=turns,
            is_stream=fields.flag("stream"),
            max_output_tokens=limit,
            stops=config.texts("stopSequences", most=5),
            thinks=thinks,
            shows_thinking=shows_thinking,
        )

    def whole(self, answer: Answer) -> bytes:
        plan = answer.plan
        parts: list[dict[str, Any]] = []
        if answer.ask.shows_thinking and plan.reasoning.length:
            parts.append({"text": plan.reasoning.json(), "thought": True})
        if plan.text.length:
            parts.append({"text": plan.text.json()})
        usage = {"usageMetadata": _usage(plan.counts)} if plan.counts else {}
        return orjson.dumps(_chunk(answer, parts, _FINISHES[plan.finish]) | usage)

    def frames(self, answer: Answer) -> Frames:
        plan = answer.plan
        last = _chunk(answer, [], _FINISHES[plan.finish])
        told = list(filter(None, (plan.counts, plan.counts_again)))
        events = [last | {"usageMetadata": _usage(counts)} for counts in told] or [last]
        return Frames(
            opening=b"",
            tokens=_tokens(answer),
            closing=b"".join(map(data_event, events)),
            failure=_failure,
        )

    def error_body(self, refusal: Refusal, request_id: str) -> bytes:
        return google_errors.error_body(refusal)


def _thinking(config: Fields, model: str) -> tuple[bool, bool]:
    """Whether the model thinks, and whether its thoughts are sent: only when they are asked for."""
    thinks = model in MODELS and MODELS[model].thinks
    thinking = config.inner("thinkingConfig")
    if thinking is None:
        return thinks, False
    thinks = thinks and thinking.raw("thinkingBudget") != 0
    return thinks, thinks and thinking.flag("includeThoughts")


def _said(content: Fields) -> Said:
    role = content.choice("role", ("user", "model", "system"), "user")
    texts, attached = [], []
    for part in content.each("parts"):
        if part.has("text"):
            texts.append(part.text("text"))
        elif part.has("inlineData") or part.has("fileData"):
            attached.append(_attachment(part))
    speaker = "assistant" if role == "model" else "user"
    return Said(role=speaker, text="\n\n".join(texts), attachments=tuple(attached))


def _attachment(part: Fields) -> Attachment:
    data = part.inner("inlineData")
    if data is None:
        return attachments.LINK
    return attachments.from_base64(data.text("mimeType"), data.text("data"), data, "data")


def _chunk(answer: Answer, parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {
        "content": {"parts": parts, "role": "model"},
        "index": 0,
    }
    if finish:
        candidate["finishReason"] = finish
    if finish and answer.plan.billed.searches:
        queries = ["sandbox"] * answer.plan.billed.searches
        candidate["groundingMetadata"] = {"webSearchQueries": queries}
    return {
        "candidates": [candidate],
        "modelVersion": answer.ask.model,
        "responseId": answer.id,
    }


def _tokens(answer: Answer) -> Iterator[bytes]:
    """One chunk per token, each with the usage so far."""
    plan = answer.plan
    if answer.ask.shows_thinking:
        thought = {"text": _HOLE_TEXT, "thought": True}
        yield from _growing(answer, thought, plan.reasoning, is_thought=True)
    yield from _growing(answer, {"text": _HOLE_TEXT}, plan.text, is_thought=False)


def _growing(
    answer: Answer, part: dict[str, Any], texts: Iterable[bytes], *, is_thought: bool
) -> Iterator[bytes]:
    counts = answer.plan.counts
    event = data_event(_chunk(answer, [part], None))
    head, tail = halves(event)
    if counts is None:
        for piece in texts:
            yield head + piece + tail
        return
    thoughts = 0 if is_thought else counts.reasoning_tokens
    for number, piece in enumerate(texts, 1):
        so_far = replace(
            counts,
            reasoning_tokens=number if is_thought else thoughts,
            output_tokens=number if is_thought else thoughts + number,
        )
        usage = orjson.dumps(_usage(so_far))
        yield b'%b%b%b,"usageMetadata":%b}\n\n' % (
            head,
            piece,
            tail[: -len(b"}\n\n")],
            usage,
        )


def _usage(counts: Counts) -> dict[str, Any]:
    """On this wire thoughts stand beside the candidates, not inside them."""
    usage = {
        "promptTokenCount": counts.input_tokens,
        "candidatesTokenCount": counts.output_tokens - counts.reasoning_tokens,
        "totalTokenCount": counts.total_tokens,
        "promptTokensDetails": _modalities(counts),
    }
    if counts.reasoning_tokens:
        usage["thoughtsTokenCount"] = counts.reasoning_tokens
    if counts.cached_tokens:
        usage["cachedContentTokenCount"] = counts.cached_tokens
    return usage


def _modalities(counts: Counts) -> list[dict[str, Any]]:
    special = {"IMAGE": counts.image_tokens, "AUDIO": counts.audio_tokens}
    tokens = {"TEXT": counts.input_tokens - sum(special.values())} | special
    return [
        {"modality": name, "tokenCount": count}
        for name, count in tokens.items()
        if count or name == "TEXT"
    ]


def _failure(after: int) -> bytes:
    return data_event(google_errors.error_object(google_errors.ERRORS["500"].refusal()))
