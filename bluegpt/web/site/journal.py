"""The journal's fingerprint, for anybody: the head of its chain of blocks, and the blocks."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bluegpt.credits.queries import blocks
from bluegpt.credits.queries.last_check import last_check

_PAGE_BLOCKS = 500
_NUMBER_DIGITS_MAX = 10
_CACHED_S = 60


@require_safe
@cache_control(public=True, max_age=_CACHED_S)
def journal(request: HttpRequest) -> JsonResponse:
    """The head, then blocks from the newest backwards; `?before=` a number asks for older ones.

    Nothing here is about anybody: a block says how many transfers it seals, not what they are.
    """
    found = blocks.newest(before=_before(request), limit=_PAGE_BLOCKS)
    following = found[-1].header.number if len(found) == _PAGE_BLOCKS else None
    answer = {
        "head": _head(),
        "last_verification": _last_verification(),
        "blocks": [blocks.described(sealed) for sealed in found],
        "next": None if following in {None, 1} else f"{request.path}?before={following}",
    }
    return JsonResponse(answer)


def _head() -> dict[str, object] | None:
    head = blocks.head()
    if head is None:
        return None
    return {
        "number": head.number,
        "digest": head.digest,
        "sealed_at": blocks.spelled(head.sealed_at),
        "transfers": head.transfers,
    }


def _last_verification() -> dict[str, object] | None:
    found = last_check()
    if found is None:
        return None
    return {
        "finished_at": blocks.spelled(found.finished_at),
        "transfers": found.transfer_count,
        "is_sound": found.is_sound,
    }


def _before(request: HttpRequest) -> int | None:
    """A number of ours; what is none asks for the newest."""
    asked = request.GET.get("before", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= _NUMBER_DIGITS_MAX
    return int(asked) if is_number else None
