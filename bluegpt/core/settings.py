"""The only place that reads the environment: typed, read once, refused at start.

Every field is documented in `docs/settings.md`; a test compares the two.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from typing_extensions import override


class Environment(StrEnum):
    """Where the process runs. `production` refuses everything that is only for trying out."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Where the installation stands and how it is reached."""

    environment: Environment  # BLUEGPT_ENV
    data_dir: Path  # BLUEGPT_DATA_DIR
    public_url: str  # BLUEGPT_URL
    database_url: str  # BLUEGPT_DATABASE_URL; empty: SQLite in the data folder
    vault_database_url: str  # BLUEGPT_VAULT_DATABASE_URL; empty: SQLite in the data folder
    valkey_url: str  # BLUEGPT_VALKEY_URL; empty: memory
    files_url: str  # BLUEGPT_FILES_URL; empty: a folder in the data folder
    backups_dir: str  # BLUEGPT_BACKUPS_DIR; empty: a folder in the data folder
    smtp_url: str  # BLUEGPT_SMTP_URL; empty: a folder in the data folder, and the console
    mail_from: str  # BLUEGPT_MAIL_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSettings:
    """How provider costs become credits."""

    per_usd: int  # BLUEGPT_CREDITS_PER_USD
    markup_percent: int  # BLUEGPT_CREDITS_MARKUP_PERCENT
    welcome: int  # BLUEGPT_CREDITS_WELCOME, in credits
    hold_ttl_s: int  # BLUEGPT_CREDITS_HOLD_TTL_S


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Limits of one message."""

    output_tokens: int  # BLUEGPT_CHAT_OUTPUT_TOKENS
    message_chars_max: int  # BLUEGPT_CHAT_MESSAGE_CHARS_MAX
    attachment_bytes_max: int  # BLUEGPT_CHAT_ATTACHMENT_BYTES_MAX
    attachments_max: int  # BLUEGPT_CHAT_ATTACHMENTS_MAX
    first_byte_timeout_s: int  # BLUEGPT_CHAT_FIRST_BYTE_TIMEOUT_S
    between_events_timeout_s: int  # BLUEGPT_CHAT_BETWEEN_EVENTS_TIMEOUT_S
    picture_timeout_s: int  # BLUEGPT_PICTURE_TIMEOUT_S


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSettings:
    """Limits of films in the making."""

    deadline_s: int  # BLUEGPT_FILMS_DEADLINE_S
    at_once_max: int  # BLUEGPT_FILMS_AT_ONCE_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSettings:
    """What signs the Content Credentials (C2PA) of files made here; both empty: nothing does."""

    certificates: str  # BLUEGPT_C2PA_CERTIFICATES, a file
    key: str  # BLUEGPT_C2PA_KEY, a file


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccess:
    """How one provider is reached: the names are those that the vendors' own SDKs read."""

    api_key: str = field(repr=False)
    base_url: str

    @property
    def is_open(self) -> bool:
        """Whether there is a key, or what stands for one."""
        return bool(self.api_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class VertexAccess(ProviderAccess):
    """How Vertex AI is reached: by a service account, whose keys live for minutes.

    `base_url` names the project and the location: GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION,
    at GOOGLE_VERTEX_BASE_URL.
    """

    credentials_file: str  # GOOGLE_APPLICATION_CREDENTIALS

    @property
    @override
    def is_open(self) -> bool:
        return bool(self.credentials_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """Keys and addresses of the model providers. An empty key closes the provider."""

    openai: ProviderAccess  # OPENAI_API_KEY, OPENAI_BASE_URL
    anthropic: ProviderAccess  # ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL
    google: ProviderAccess  # GEMINI_API_KEY, GEMINI_BASE_URL
    mistral: ProviderAccess  # MISTRAL_API_KEY, MISTRAL_BASE_URL
    vertex: VertexAccess
    xai: ProviderAccess  # XAI_API_KEY, XAI_BASE_URL
    compatible: ProviderAccess  # BLUEGPT_COMPATIBLE_API_KEY, BLUEGPT_COMPATIBLE_BASE_URL
    compatible_image_models: tuple[str, ...]  # BLUEGPT_COMPATIBLE_IMAGE_MODELS
    openai_admin_key: str = field(repr=False)  # OPENAI_ADMIN_KEY
    anthropic_admin_key: str = field(repr=False)  # ANTHROPIC_ADMIN_KEY
    finds_local: bool  # BLUEGPT_FIND_LOCAL_MODELS
    has_sandbox: bool  # BLUEGPT_SANDBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the environment decides."""

    site: SiteSettings
    credits: CreditSettings
    chat: ChatSettings
    films: FilmSettings
    credentials: CredentialSettings
    providers: ProviderSettings


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the environment. Raises SettingsError naming the first bad setting."""
    env = os.environ if environ is None else environ
    environment = _environment(env)
    return Settings(
        site=_site(env, environment),
        credits=CreditSettings(
            per_usd=_positive(env, "BLUEGPT_CREDITS_PER_USD", 100),
            markup_percent=_whole(env, "BLUEGPT_CREDITS_MARKUP_PERCENT", 20),
            welcome=_whole(env, "BLUEGPT_CREDITS_WELCOME", 100),
            hold_ttl_s=_positive(env, "BLUEGPT_CREDITS_HOLD_TTL_S", 600),
        ),
        chat=ChatSettings(
            output_tokens=_positive(env, "BLUEGPT_CHAT_OUTPUT_TOKENS", 8_192),
            message_chars_max=_positive(env, "BLUEGPT_CHAT_MESSAGE_CHARS_MAX", 400_000),
            attachment_bytes_max=_positive(env, "BLUEGPT_CHAT_ATTACHMENT_BYTES_MAX", 10_000_000),
            attachments_max=_positive(env, "BLUEGPT_CHAT_ATTACHMENTS_MAX", 8),
            first_byte_timeout_s=_positive(env, "BLUEGPT_CHAT_FIRST_BYTE_TIMEOUT_S", 120),
            between_events_timeout_s=_positive(env, "BLUEGPT_CHAT_BETWEEN_EVENTS_TIMEOUT_S", 60),
            picture_timeout_s=_positive(env, "BLUEGPT_PICTURE_TIMEOUT_S", 300),
        ),
        films=FilmSettings(
            deadline_s=_positive(env, "BLUEGPT_FILMS_DEADLINE_S", 1_800),
            at_once_max=_positive(env, "BLUEGPT_FILMS_AT_ONCE_MAX", 8),
        ),
        credentials=_credentials(env),
        providers=_providers(env, environment),
    )


def kept_secret(data_dir: Path, name: str, *, length_bytes: int = 32) -> bytes:
    """Random bytes that live in a file of mode 600 in the data folder, made at first use."""
    path = data_dir / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = secrets.token_bytes(length_bytes)
    part = path.with_name(f".{name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # fails when another process was first: then its secret is ours too
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_bytes()


def use_folder_alone(data_dir: Path) -> None:
    """Make this process one of its own on an empty folder: no real database, mail, file or key."""
    for name in [each for each in os.environ if each.startswith("BLUEGPT_")]:
        del os.environ[name]
    for provider in ("OPENAI", "ANTHROPIC", "GEMINI", "MISTRAL", "XAI"):
        os.environ.pop(f"{provider}_API_KEY", None)
    os.environ.pop("GOOGLE_APPLICATION_CREDENTIALS", None)
    use_data_dir(data_dir)


def use_data_dir(path: Path) -> None:
    """Let a command's `--data` decide the data folder, before anything is read."""
    os.environ["BLUEGPT_DATA_DIR"] = str(path.expanduser().resolve())


def use_scratch(path: Path) -> dict[str, str]:
    """Let a drill have a data folder and databases of its own; the names of what it must make.

    A PostgreSQL database is replaced by one beside it, whose name ends in "_drill": its URL, and
    under it the URL of the installation's own.
    """
    wanted: dict[str, str] = {}
    for name in ("BLUEGPT_DATABASE_URL", "BLUEGPT_VAULT_DATABASE_URL"):
        own = os.environ.get(name, "")
        if own:
            scratch = f"{own.partition('?')[0]}_drill"
            os.environ[name] = scratch
            wanted[scratch] = own
    for name in ("FILES_URL", "BACKUPS_DIR", "VALKEY_URL", "SMTP_URL", "URL"):
        os.environ.pop(f"BLUEGPT_{name}", None)
    os.environ |= {"BLUEGPT_ENV": Environment.DEMO, "BLUEGPT_FIND_LOCAL_MODELS": "no"}
    use_data_dir(path)
    return wanted


def use_django() -> None:
    """Name Django's settings module, for whoever comes first: the command or the server."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bluegpt.config.settings"


def _environment(env: Mapping[str, str]) -> Environment:
    named = env.get("BLUEGPT_ENV", Environment.DEMO)
    try:
        return Environment(named)
    except ValueError:
        choices = ", ".join(Environment)
        raise SettingsError(f"BLUEGPT_ENV is {named!r}; it must be one of {choices}") from None


def _site(env: Mapping[str, str], environment: Environment) -> SiteSettings:
    public_url = env.get("BLUEGPT_URL", "").rstrip("/")
    if environment is Environment.PRODUCTION and not public_url.startswith("https://"):
        raise SettingsError("BLUEGPT_URL must be the https:// address of the site in production")
    return SiteSettings(
        environment=environment,
        data_dir=Path(env.get("BLUEGPT_DATA_DIR", "data")).expanduser().resolve(),
        public_url=public_url,
        database_url=env.get("BLUEGPT_DATABASE_URL", ""),
        vault_database_url=env.get("BLUEGPT_VAULT_DATABASE_URL", ""),
        valkey_url=env.get("BLUEGPT_VALKEY_URL", ""),
        files_url=env.get("BLUEGPT_FILES_URL", ""),
        backups_dir=env.get("BLUEGPT_BACKUPS_DIR", ""),
        smtp_url=env.get("BLUEGPT_SMTP_URL", ""),
        mail_from=env.get("BLUEGPT_MAIL_FROM", "BlueGPT <bluegpt@localhost>"),
    )


def _credentials(env: Mapping[str, str]) -> CredentialSettings:
    names = "BLUEGPT_C2PA_CERTIFICATES", "BLUEGPT_C2PA_KEY"
    certificates, key = (env.get(name, "") for name in names)
    if bool(certificates) != bool(key):
        raise SettingsError(f"{names[0]} and {names[1]} belong together: set both or neither")
    for name, path in zip(names, (certificates, key), strict=True):
        try:
            if path:
                Path(path).open("rb").close()
        except OSError as error:
            raise SettingsError(f"{name}: {path} cannot be read: {error.strerror}") from None
    return CredentialSettings(certificates=certificates, key=key)


def _providers(env: Mapping[str, str], environment: Environment) -> ProviderSettings:
    return ProviderSettings(
        openai=_access(env, "OPENAI", "https://api.openai.com/v1"),
        anthropic=_access(env, "ANTHROPIC", "https://api.anthropic.com"),
        google=_access(env, "GEMINI", "https://generativelanguage.googleapis.com"),
        mistral=_access(env, "MISTRAL", "https://api.mistral.ai"),
        vertex=_vertex(env),
        xai=_access(env, "XAI", "https://api.x.ai/v1"),
        compatible=_access(env, "BLUEGPT_COMPATIBLE", ""),
        compatible_image_models=_names(env, "BLUEGPT_COMPATIBLE_IMAGE_MODELS"),
        openai_admin_key=env.get("OPENAI_ADMIN_KEY", ""),
        anthropic_admin_key=env.get("ANTHROPIC_ADMIN_KEY", ""),
        finds_local=_flag(env, "BLUEGPT_FIND_LOCAL_MODELS", environment is not Environment.TEST),
        has_sandbox=_flag(env, "BLUEGPT_SANDBOX", environment is not Environment.PRODUCTION),
    )


def _access(env: Mapping[str, str], prefix: str, default_url: str) -> ProviderAccess:
    return ProviderAccess(
        api_key=env.get(f"{prefix}_API_KEY", ""),
        base_url=(env.get(f"{prefix}_BASE_URL") or default_url).rstrip("/"),
    )


def _vertex(env: Mapping[str, str]) -> VertexAccess:
    """Closed unless the file and the project are both named."""
    file, project = (
        env.get(name, "") for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT")
    )
    location = env.get("GOOGLE_CLOUD_LOCATION") or "us-central1"
    for name, value in (("PROJECT", project), ("LOCATION", location)):
        if value and not re.fullmatch(r"[a-z][a-z0-9:.-]{0,62}", value, re.ASCII):
            raise SettingsError(f"GOOGLE_CLOUD_{name} is no name of one: {value!r}")
    host = "aiplatform" if location == "global" else f"{location}-aiplatform"
    origin = env.get("GOOGLE_VERTEX_BASE_URL") or f"https://{host}.googleapis.com"
    return VertexAccess(
        api_key="",
        base_url=f"{origin.rstrip('/')}/v1/projects/{project}/locations/{location}",
        credentials_file=file if project else "",
    )


def _names(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, env.get(name, "").split(",")))))


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal():
        raise SettingsError(f"{name} is {text!r}; it must be a whole number, zero or more")
    return int(text)


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    number = _whole(env, name, default)
    if number == 0:
        raise SettingsError(f"{name} must be more than zero")
    return number


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "yes" if default else "no").lower()
    if text not in {"yes", "no"}:
        raise SettingsError(f"{name} is {text!r}; it must be yes or no")
    return text == "yes"
