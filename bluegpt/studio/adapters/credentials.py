"""Content Credentials (C2PA) of what a model made here, signed when there is a certificate.

A manifest says which program signed it and that a model made the file; never who asked, nor for
what. The library is an optional one and is loaded by the first file that is signed. Nothing is
fetched for it: no remote manifest, no list of revoked certificates, no time stamp.
"""

import json
import logging
from collections.abc import Mapping
from contextlib import ExitStack
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.conf import settings

from bluegpt.core import clock
from bluegpt.studio.rules.provenance import SOURCE_TYPE

Stream = IO[bytes] | RawIOBase

logger = logging.getLogger(__name__)

_OURS = {"claim_generator_info": [{"name": "BlueGPT"}]}
_SETTINGS = {
    # They would be pictures of the file within the file, a megabyte each.
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
_CREATED = {"action": "c2pa.created", "digitalSourceType": SOURCE_TYPE}
_ORIGINAL = "original"
_OPENED = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_ORIGINAL]}}
_CONVERTED = {"action": "c2pa.converted", "digitalSourceType": SOURCE_TYPE}
_EC = {"secp256r1": b"es256", "secp384r1": b"es384", "secp521r1": b"es512"}


def is_configured() -> bool:
    """Whether the operator has named a certificate."""
    return bool(settings.BLUEGPT.credentials.certificates)


def signed(file: bytes, media_type: str) -> bytes:
    """A file that a model has made, with a manifest. As it is where one is in it or none can be."""
    if not is_configured():
        return file
    out = BytesIO()
    return out.getvalue() if sign(BytesIO(file), out, media_type) else file


def signed_copy(file: bytes, media_type: str, *, original: bytes, original_type: str) -> bytes:
    """A converted file, with a manifest that names its original, and so all that is known of that.

    As it is where none can be signed.
    """
    if not is_configured():
        return file
    out, parent = BytesIO(), (BytesIO(original), original_type)
    is_signed = _signed_into(out, BytesIO(file), media_type, [_OPENED, _CONVERTED], parent)
    return out.getvalue() if is_signed else file


def sign(source: Stream, out: Stream, media_type: str) -> bool:
    """Copy what a model has made, with a manifest, never whole in memory.

    False where it has one already, whole or broken, or where none can be signed.
    """
    return not _has_manifest(source, media_type) and _signed_into(
        out, source, media_type, [_CREATED]
    )


def sign_copy(source: Stream, out: Stream, media_type: str, *, original: Stream) -> bool:
    """The same for a file made anew from an original of its kind, which the manifest names."""
    original.seek(0)
    return _signed_into(out, source, media_type, [_OPENED, _CONVERTED], (original, media_type))


def fault() -> str:
    """Why nothing can be signed although a certificate is named; empty when all is well."""
    try:
        import c2pa  # noqa: F401, PLC0415 - optional
    except ImportError:
        return "the library c2pa-python is not installed"
    try:
        certificate = x509.load_pem_x509_certificate(_read("certificates"))
        key = serialization.load_pem_private_key(_read("key"), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        return f"certificate or key cannot be read ({type(wrong).__name__})"
    if key.public_key() != certificate.public_key():
        return "the key is not that of the first certificate"
    if certificate.not_valid_after_utc <= clock.now():
        return f"the certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}"
    return ""


def _signed_into(
    out: Stream,
    source: Stream,
    media_type: str,
    actions: list[Mapping[str, Any]],
    parent: tuple[Stream, str] | None = None,
) -> bool:
    manifest = _OURS | {
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
    try:
        import c2pa  # noqa: PLC0415 - optional, and of many megabytes

        with ExitStack() as open_:
            context = open_.enter_context(c2pa.Context(c2pa.Settings.from_dict(_SETTINGS)))
            signer = open_.enter_context(c2pa.Signer.from_info(_signer_info(c2pa)))
            builder = open_.enter_context(c2pa.Builder(json.dumps(manifest), context=context))
            if parent is not None:
                facts = {"title": _ORIGINAL, "relationship": "parentOf", "label": _ORIGINAL}
                builder.add_ingredient(json.dumps(facts), parent[1], parent[0])
            source.seek(0)
            builder.sign(signer, media_type, source, out)
    except Exception as wrong:  # noqa: BLE001 - a picture is paid for: it keeps its plain mark
        logger.error("no Content Credentials could be signed: %s", type(wrong).__name__)
        return False
    return True


def _has_manifest(source: Stream, media_type: str) -> bool:
    try:
        import c2pa  # noqa: PLC0415 - optional

        source.seek(0)
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        return c2pa.Reader.try_create(media_type, source, context=context) is not None
    except Exception:  # noqa: BLE001 - there is something, and it is not for us to replace
        return True


def _signer_info(c2pa: Any) -> Any:
    key = _read("key")
    return c2pa.C2paSignerInfo(
        alg=_algorithm(key), sign_cert=_read("certificates"), private_key=key, ta_url=None
    )


def _algorithm(key_pem: bytes) -> bytes:
    key = serialization.load_pem_private_key(key_pem, password=None)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _EC[key.curve.name]
    if isinstance(key, rsa.RSAPrivateKey):
        return b"ps256"
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return b"ed25519"
    raise ValueError("a key of another kind")


def _read(name: str) -> bytes:
    return Path(getattr(settings.BLUEGPT.credentials, name)).read_bytes()
