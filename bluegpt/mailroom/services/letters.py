"""Mail that the product sends by itself, from a pair of templates, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(*, to: str, language: str, template: str, facts: Mapping[str, Any]) -> None:
    """Send one mail, rendered from `<template>_subject.txt` and `<template>_message.txt`.

    `language` "" is the site's own. The templates get `site_url` beside the facts, "" where the
    installation was not told its address. Raises what the mail server's connection raises: the
    caller is a job or a listener, which is tried again.
    """
    subject, message = drawn_up(language=language, template=template, facts=facts)
    EmailMessage(subject=subject, body=message, to=[to]).send()


def drawn_up(*, language: str, template: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of a letter that is not sent from here, such as one that goes by post."""
    given = {"site_url": settings.BLUEGPT.site.public_url, **facts}
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", given).split())
        message = render_to_string(f"{template}_message.txt", given).strip() + "\n"
    return subject, message
