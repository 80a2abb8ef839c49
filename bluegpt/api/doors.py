"""The frame of every address of the API: who calls, by which method, and how errors look.

No session, no cookie, no proof of origin: the key in the header is all that counts, and no
browser sends it by itself.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from typing_extensions import ParamSpec

from bluegpt.api import refusals
from bluegpt.api.errors import MethodNotOffered, UnknownAddress
from bluegpt.api.keys import Caller, caller_of
from bluegpt.core.errors import BlueError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Caller, P], Awaitable[HttpResponseBase]]
Entered = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def door(method: str) -> Callable[[View[P]], Entered]:
    """A view for callers with a key, by one HTTP method; its errors come out as JSON."""

    def framed(view: View[P]) -> Entered:
        @csrf_exempt
        @wraps(view)
        async def entered(
            request: HttpRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            try:
                caller = await caller_of(request)
                if request.method != method:
                    raise MethodNotOffered
                return await view(request, caller, *args, **kwargs)
            except MethodNotOffered as error:
                response = refusals.refusal(error)
                response["Allow"] = method
                return response
            except BlueError as error:
                return refusals.refusal(error)
            except Exception:
                # A page of ours would be no answer to a program.
                logger.exception("%s failed", request.path)
                return refusals.broken()

        return entered

    return framed


@csrf_exempt
async def nothing(request: HttpRequest) -> HttpResponseBase:
    """Every other address below the API's root."""
    return refusals.refusal(UnknownAddress())
