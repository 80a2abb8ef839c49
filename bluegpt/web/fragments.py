"""Pieces of a page for a script that asks for them, instead of the whole page.

A piece is HTML made of `<template data-swap="…" data-target="…">`; `js/lib/swap.js` puts each where
it belongs. Whoever does not ask with the header gets a page or a redirection.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

HEADER = "X-Fragment"


def is_wanted(request: HttpRequest) -> bool:
    """Does the caller put pieces in place by itself?"""
    return request.headers.get(HEADER) == "1"


def fragment(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The pieces that `template` makes."""
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, [HEADER])
    response["Cache-Control"] = "no-store"
    return response
