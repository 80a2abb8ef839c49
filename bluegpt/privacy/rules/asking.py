"""The forms that people meet, and what each of them asks."""

from collections.abc import Mapping

from bluegpt.privacy.types.directives import DISPOSABLE

# A form of the pages says which of these it is; a field that the page fills in is not asked.
ASKED: Mapping[str, tuple[str, ...]] = {
    "signup": (
        "email",
        "password1",
    ),
    "login": (
        "login",
        "password",
    ),
    "second_step": ("code",),
    "password_again": ("password",),
    "code_again": ("code",),
    "password_change": (
        "oldpassword",
        "password1",
    ),
    "first_password": ("password1",),
    "password_reset": ("email",),
    "reset_code": ("code",),
    "new_password": ("password1",),
    "new_address": ("email",),
    "address_code": ("code",),
    "authenticator": ("code",),
    "passkey": (
        "name",
        "passwordless",
    ),
    "passkey_name": ("name",),
    "api_key": (
        "name",
        "monthly_cap",
        "last_day",
    ),
    "closure": ("term",),
    "limit": (
        "key",
        "period",
        "credits",
    ),
    "line_question": ("words",),
    "message": (
        "text",
        "files",
        "system",
        "model",
    ),
    "picture": (
        *("text", "model", "files", "mask", "size", "quality"),
        *("number", "background", "format", "style", "seed"),
    ),
    "film": ("text", "model", "files", "size", "seconds", "sound", "mail"),
    "album": ("name",),
    "edition": ("text",),
    "retry": ("model",),
    "title": ("title",),
    "instructions": ("system",),
    "content_term": ("term",),
    "tracers": ("purpose",),
    "erasure": ("address",),
    "archive_return": ("archive",),
    "request": (
        "right",
        "words",
    ),
    "clarification": ("words",),
    "contact": (
        "right",
        "email",
        "name",
        "words",
    ),
    "contact_code": (
        "reference",
        "code",
    ),
    "directions": (
        *DISPOSABLE,
        "trusted_name",
        "trusted_email",
        "trusted_post",
    ),
    "succession": ("then",),
}
