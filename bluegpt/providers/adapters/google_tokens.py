"""Access tokens for Google Cloud out of a service account's key file.

Source: RFC 7523, as Google's guide on OAuth for server-to-server applications has it.
"""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import orjson
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.conversation import noted
from bluegpt.providers.adapters.film_wire import Call, reply
from bluegpt.providers.errors import ProviderMisconfigured

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ISSUER_HOSTS = ("oauth2.googleapis.com", "127.0.0.1", "localhost")
_LIFETIME_S = 3_600
# A token that is about to end may end on the way.
_SPARE_S = 120


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    until_s: float  # of the monotonic clock


_tokens: dict[str, _Token] = {}


async def access_token(file: str) -> str:
    """A token that is good for some minutes, from memory where it can be.

    Raises ProviderMisconfigured for a file that cannot be used or an account that is refused, and
    the errors of a provider that does not answer.
    """
    known = _tokens.get(file)
    if known is not None and clock.monotonic_s() < known.until_s:
        return known.value
    assertion, issuer = await asyncio.to_thread(_assertion, file)
    form = aiohttp.FormData({"grant_type": _GRANT, "assertion": assertion})
    place = urlsplit(issuer)
    call = Call(
        base_url=f"{place.scheme}://{place.netloc}",
        path=place.path,
        headers={},
        method="POST",
        body=form,
    )
    body = await reply(call)
    value, lives_s = body.get("access_token"), body.get("expires_in")
    if not isinstance(value, str) or not value or type(lives_s) is not int:
        raise _unusable("the issuer gave no token")
    _tokens[file] = _Token(value, clock.monotonic_s() + max(0, lives_s - _SPARE_S))
    return value


def forget(file: str) -> None:
    """The token was refused: ask for another one next time."""
    _tokens.pop(file, None)


def _assertion(file: str) -> tuple[str, str]:
    """What the account says of itself, signed, and the address to say it to."""
    try:
        account = orjson.loads(Path(file).read_bytes())
        key = load_pem_private_key(account["private_key"].encode(), password=None)
        name, key_id, issuer = (
            str(account[each]) for each in ("client_email", "private_key_id", "token_uri")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _unusable(f"the key file cannot be used: {type(wrong).__name__}") from None
    if not isinstance(key, RSAPrivateKey) or urlsplit(issuer).hostname not in _ISSUER_HOSTS:
        raise _unusable("the key file is for another kind of account")
    now_s = int(clock.now().timestamp())
    head = {"alg": "RS256", "typ": "JWT", "kid": key_id}
    claims = {"iss": name, "scope": _SCOPE, "aud": issuer, "iat": now_s}
    claims["exp"] = now_s + _LIFETIME_S
    said = f"{_part(orjson.dumps(head))}.{_part(orjson.dumps(claims))}"
    signature = key.sign(said.encode(), PKCS1v15(), SHA256())
    return f"{said}.{_part(signature)}", issuer


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unusable(why: str) -> BlueError:
    return noted(ProviderMisconfigured(), why)
