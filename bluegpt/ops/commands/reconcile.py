"""`bluegpt reconcile …`"""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bluegpt.core import clock
from bluegpt.core.money import credits_text
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table, tell
from bluegpt.providers.services.chat import close_clients
from bluegpt.providers.types.reports import ReportFormat
from bluegpt.studio.flows import reconciliation
from bluegpt.studio.types.reconciling import Gap, ModelDay

_FILE_BYTES_MAX = 64_000_000


def compare(arguments: argparse.Namespace) -> int:
    """One day beside the provider's report; 1 when something differs that nothing explains."""
    form = ReportFormat(arguments.provider)
    day = arguments.day or clock.now().date() - timedelta(days=1)
    text = None if arguments.from_file is None else _read(arguments.from_file)
    models = asyncio.run(_compare(form, day, text))
    if not models:
        print(f"Nothing was used at {form} on {day}, by our count and by theirs.")
        return 0
    print(table([_HEAD, *_rows(models)], right=frozenset({1, 3, 4, 5})))
    unexplained = [model for model in models if not model.is_explained]
    returned = sum(model.given_back_microcredits for model in models)
    tell(
        f"{len(models)} models on {day}: {len(unexplained)} differ without an explanation,"
        f" {credits_text(returned)} credits went back."
    )
    return 1 if unexplained else 0


_HEAD = ("MODEL", "CALLS", "KIND", "OURS", "THEIRS", "CREDITS BACK", "")


async def _compare(form: ReportFormat, day: date, text: str | None) -> tuple[ModelDay, ...]:
    if text is not None:
        return await reconciliation.with_file(form, text, day=day)
    try:
        return await reconciliation.with_report(form, day=day)
    finally:
        await close_clients()


def _rows(models: Sequence[ModelDay]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for model in models:
        back = credits_text(model.given_back_microcredits)
        head = (model.model or "(no model)", f"{model.calls:,}")
        if not model.gaps:
            rows.append((*head, "", "", "", back, "agrees"))
        rows += [(*head, *_gap(gap), back, _mark(gap)) for gap in model.gaps]
    return rows


def _gap(gap: Gap) -> tuple[str, str, str]:
    return gap.kind, f"{gap.ours:,}", f"{gap.theirs:,}"


def _mark(gap: Gap) -> str:
    return "explained" if gap.is_explained else "DIFFERS"


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise Complaint(f"{path} is larger than any report: {_FILE_BYTES_MAX:,} bytes.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Complaint(f"{path} is not text. Nothing has changed.") from None
