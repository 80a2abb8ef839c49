"""What each form asks, what for, and what must be given: a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

# Form: what for, and of each field whether it must be filled in.
FORMS = {
    "signup": ("account", {"email": True, "password1": True}),
    "login": ("account", {"login": True, "password": True}),
    "second_step": ("account", {"code": True}),
    "password_again": ("account", {"password": True}),
    "code_again": ("account", {"code": True}),
    "password_change": ("account", {"oldpassword": True, "password1": True}),
    "first_password": ("account", {"password1": True}),
    "password_reset": ("account", {"email": True}),
    "reset_code": ("account", {"code": True}),
    "new_password": ("account", {"password1": True}),
    "new_address": ("account", {"email": True}),
    "address_code": ("account", {"code": True}),
    "authenticator": ("account", {"code": True}),
    "passkey": ("account", {"name": False, "passwordless": False}),
    "passkey_name": ("account", {"name": True}),
    "api_key": ("account", {"name": True, "monthly_cap": False, "last_day": False}),
    "closure": ("account", {"term": True}),
    "limit": ("chat_answer", {"key": False, "period": True, "credits": True}),
    "line_question": ("chat_answer", {"words": True}),
    "message": ("chat_answer", {"text": False, "files": False, "system": False, "model": True}),
    "picture": (
        "chat_answer",
        {
            "text": True,
            "model": True,
            "files": False,
            "mask": False,
            "size": False,
            "quality": False,
            "number": False,
            "background": False,
            "format": False,
            "style": False,
            "seed": False,
        },
    ),
    "film": (
        "chat_answer",
        {
            "text": True,
            "model": True,
            "files": False,
            "size": False,
            "seconds": False,
            "sound": False,
            "mail": False,
        },
    ),
    "album": ("chat_answer", {"name": True}),
    "edition": ("chat_answer", {"text": False}),
    "retry": ("chat_answer", {"model": False}),
    "title": ("chat_answer", {"title": True}),
    "instructions": ("chat_answer", {"system": False}),
    "content_term": ("choices", {"term": True}),
    "tracers": ("choices", {"purpose": False}),
    "erasure": ("rights", {"address": True}),
    "archive_return": ("rights", {"archive": True}),
    "request": ("rights", {"right": True, "words": False}),
    "clarification": ("rights", {"words": True}),
    "contact": ("rights", {"right": True, "email": True, "name": False, "words": True}),
    "contact_code": ("rights", {"reference": True, "code": True}),
    "directions": (
        "rights",
        {
            "content": False,
            "identity": False,
            "connection": False,
            "trusted_name": False,
            "trusted_email": False,
            "trusted_post": False,
        },
    ),
    "succession": ("rights", {"then": False}),
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about forms that this policy does not keep."""
    forms = {
        key: (form.purpose, {name: field.required for name, field in form.fields.items()})
        for key, form in policy.forms.items()
    }
    if forms != FORMS:
        yield "forms"
