"""Counting without a tokenizer: bounds that hold, estimates that grow."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.providers.queries import tokens
from bluegpt.providers.rules import tokens as rules
from bluegpt.providers.rules.tally import Tally
from bluegpt.providers.types.turns import ImagePart, PdfPart
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.making import model, request


def picture(width_px: int, height_px: int) -> ImagePart:
    return ImagePart(media_type="image/png", data=b"", width_px=width_px, height_px=height_px)


@given(st.text(max_size=200))
def test_a_text_is_likely_to_have_fewer_tokens_than_its_bound(text: str) -> None:
    ascii_chars = sum(char.isascii() for char in text)
    counts = {"ascii_chars": ascii_chars, "other_chars": len(text) - ascii_chars}

    assert 0 <= tokens.text_tokens(**counts) <= tokens.text_bound(**counts)
    assert rules.chars_of(text) == (ascii_chars, len(text) - ascii_chars)


def test_characters_outside_ascii_count_more() -> None:
    assert tokens.text_bound(ascii_chars=10, other_chars=0) == 5
    assert tokens.text_bound(ascii_chars=0, other_chars=10) == 20
    assert rules.text_tokens("tour") == 1
    assert rules.text_tokens("塔が高い塔") == 4


def test_a_bound_grows_with_every_turn_and_with_the_system_prompt() -> None:
    one = request()
    two = replace(one, turns=one.turns * 2)
    with_system = replace(one, system="Answer in Latin.")

    assert tokens.request_bound(one) < tokens.request_bound(with_system)
    assert tokens.request_bound(with_system) < tokens.request_bound(two)
    assert tokens.request_tokens(one) < tokens.request_bound(one)


# Measured tokens per picture, as published with their resolution in autumn 2026.
MEASURED = [
    ("anthropic", "claude-opus-5-5", (1024, 1024), 1_446),
    ("anthropic", "claude-opus-5-5", (1920, 1080), 2_768),
    ("anthropic", "claude-opus-5-5", (4032, 3024), 4_005),
    ("google", "gemini-3.8-flash", (4032, 3024), 1_065),
    ("google", "gemini-3.8-flash", (1280, 720), 1_101),
    ("openai", "gpt-6.1-sol", (256, 256), 77),
    ("openai", "gpt-6.1-sol", (1920, 1080), 2_448),
    ("openai", "gpt-6.1-sol", (4032, 3024), 2_942),
    ("openai", "gpt-4o", (1024, 1024), 765),
    ("openai", "gpt-4o-mini", (1024, 1024), 25_501),
]


@pytest.mark.parametrize(("provider", "wire_name", "size", "measured"), MEASURED)
def test_a_pictures_bound_holds_against_measurements(
    provider: str, wire_name: str, size: tuple[int, int], measured: int
) -> None:
    bound = tokens.part_bound(picture(*size), model(provider, wire_name=wire_name))

    assert measured <= bound


def test_a_picture_of_any_size_has_a_bounded_price() -> None:
    bounds = {
        provider: tokens.part_bound(picture(8_000, 8_000), model(provider))
        for provider in ("openai", "anthropic", "mistral")
    }

    assert max(bounds.values()) < 7_000


def test_a_pdf_is_bounded_by_its_pages() -> None:
    pdf = PdfPart(name="a.pdf", data=b"", pages=10)

    assert tokens.part_bound(pdf, model("openai")) == 30_000
    assert tokens.part_bound(pdf, model("google")) == 12_000


def test_an_estimate_never_exceeds_the_answers_limit() -> None:
    tally = Tally(request(max_output_tokens=10))

    tally.add(text="word " * 1_000, reasoning="hm " * 1_000)

    assert tally.usage().output_tokens == 10
    assert tally.usage().reasoning_tokens <= 10


def test_a_provisional_count_is_carried_on_by_the_estimate() -> None:
    tally = Tally(request())
    tally.report(Usage(input_tokens=50, output_tokens=1, source=UsageSource.PARTIAL))

    tally.add(text="word " * 20)

    assert tally.usage() == Usage(input_tokens=50, output_tokens=25, source=UsageSource.PARTIAL)


@pytest.mark.parametrize("factor", [2, 3])
def test_a_count_up_to_twice_the_worst_case_is_believed(factor: int) -> None:
    asked = request(max_output_tokens=100)
    tally = Tally(asked)
    usage = Usage(
        input_tokens=tokens.request_bound(asked) * 2,
        output_tokens=100 * factor,
        source=UsageSource.FINAL,
    )

    tally.report(usage)

    assert (not tally.doubt) is (factor == 2)
    assert (tally.usage() == usage) is (factor == 2)


def test_nothing_for_something_is_no_count() -> None:
    tally = Tally(request())
    tally.add(text="word " * 20)

    tally.report(Usage(input_tokens=0, output_tokens=0, source=UsageSource.FINAL))
    tally.report(Usage(input_tokens=50, output_tokens=0, source=UsageSource.FINAL))

    assert not tally.doubt
    assert tally.usage().source is UsageSource.ESTIMATED
    assert tally.usage().output_tokens == 25
