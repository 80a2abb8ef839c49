"""What the chapter `forms` must satisfy."""

from collections.abc import Iterator

from bluegpt.privacy.rules.asking import ASKED
from bluegpt.privacy.types.manifest import Manifest


def findings(policy: Manifest) -> Iterator[str]:
    """Each form that exists is described, with its fields and no others, for a known purpose."""
    for key in sorted(ASKED.keys() - policy.forms.keys()):
        yield f"forms: {key} is missing"
    for form in policy.forms.values():
        name = f"forms.{form.key}"
        if form.key not in ASKED:
            yield f"{name}: no such form exists"
            continue
        if form.purpose not in policy.purposes:
            yield f"{name}: purpose {form.purpose!r} is not described"
        for field in sorted(form.fields.keys() - set(ASKED[form.key])):
            yield f"{name}.{field}: no such field exists"
        for field in sorted(set(ASKED[form.key]) - form.fields.keys()):
            yield f"{name}: {field} is missing"
