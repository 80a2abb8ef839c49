"""Django's settings, made from `core.settings`. Nothing here reads the environment."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from bluegpt.config.databases import database
from bluegpt.core import settings as core_settings
from bluegpt.core.settings import Environment

BLUEGPT = core_settings.load()
_SITE = BLUEGPT.site
_IS_PRODUCTION = _SITE.environment is Environment.PRODUCTION
_PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = core_settings.kept_secret(_SITE.data_dir, "secret.key").hex()
DEBUG = False
ROOT_URLCONF = "bluegpt.config.urls"
ASGI_APPLICATION = "bluegpt.config.asgi.application"
# The embedded default listens on loopback only, so any name that leads there is as good as another.
ALLOWED_HOSTS = [_SITE.public_url.split("://", 1)[1].split(":")[0]] if _SITE.public_url else ["*"]
CSRF_TRUSTED_ORIGINS = [_SITE.public_url] if _SITE.public_url else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "bluegpt.core",
    "bluegpt.vault",
    "bluegpt.mailroom",
    "bluegpt.accounts",
    "bluegpt.privacy",
    "bluegpt.credits",
    "bluegpt.providers",
    "bluegpt.studio",
    "bluegpt.web",
    "bluegpt.backoffice",
    "bluegpt.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "bluegpt.web.privacy.jar.JarMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bluegpt.web.middleware.PersonLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bluegpt.web.accounts.middleware.SessionSeenMiddleware",
    "bluegpt.web.privacy.middleware.AskAgainMiddleware",
    "bluegpt.web.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own templates of the same names.
        "DIRS": [_PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "bluegpt.web.folding.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bluegpt.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "bluegpt.web.asking.StatingRenderer"

DATABASES = {
    "default": database(_SITE.database_url, data_dir=_SITE.data_dir, name="bluegpt"),
    "vault": database(_SITE.vault_database_url, data_dir=_SITE.data_dir, name="vault"),
}
DATABASE_ROUTERS = ["bluegpt.config.databases.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not _SITE.valkey_url
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _SITE.valkey_url}
}

# Accounts: allauth does the journeys, `bluegpt.accounts` holds our rules.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["bluegpt.accounts.adapters.backend.OpenAccountBackend"]
PASSWORD_HASHERS = ["bluegpt.accounts.adapters.passwords.SmallHostArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "bluegpt.accounts.adapters.passwords.EntropyValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/conversations"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "bluegpt.accounts.adapters.journeys.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # as for addresses; the pages say it
# The code has shown that it is them; a second step, where there is one, still asks.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address changes
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "bluegpt.web.accounts.forms.SignupForm",
    "login": "bluegpt.web.accounts.forms.LoginForm",
    "reauthenticate": "bluegpt.web.accounts.forms.ReauthenticateForm",
    "change_password": "bluegpt.web.accounts.forms.ChangePasswordForm",
    "set_password": "bluegpt.web.accounts.forms.SetPasswordForm",
    "reset_password": "bluegpt.web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "bluegpt.web.accounts.forms.ResetPasswordKeyForm",
    "add_email": "bluegpt.web.accounts.forms.AddEmailForm",
    "confirm_email_verification_code": "bluegpt.web.accounts.forms.EmailCodeForm",
    "confirm_password_reset_code": "bluegpt.web.accounts.forms.ResetCodeForm",
}
MFA_ADAPTER = "bluegpt.accounts.adapters.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "bluegpt.web.accounts.forms.AuthenticateForm",
    "reauthenticate": "bluegpt.web.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "bluegpt.web.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "bluegpt.web.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "bluegpt.web.accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "BlueGPT"
# A code that changes while it is typed, or a phone half a minute off (RFC 6238, section 5.2).
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without TLS on localhost only; a public site has TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _IS_PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False  # SessionSeenMiddleware does, once a minute

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [_PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 180 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _IS_PRODUCTION

STATIC_URL = "/static/"
STATIC_ROOT = _SITE.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files go to the vault
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}

_FORM_BYTES_MAX = 16_000_000
# Uploads are read in memory and sealed before they touch a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# What is larger than all of them together is refused before it is read (`config/bodies.py`).
FILE_UPLOAD_MAX_MEMORY_SIZE = (
    BLUEGPT.chat.attachment_bytes_max * BLUEGPT.chat.attachments_max + _FORM_BYTES_MAX
)
DATA_UPLOAD_MAX_MEMORY_SIZE = _FORM_BYTES_MAX

EMAIL_BACKEND = "bluegpt.mailroom.adapters.folder.FolderBackend"
EMAIL_FILE_PATH = _SITE.data_dir / "mail"
DEFAULT_FROM_EMAIL = _SITE.mail_from
if _SITE.smtp_url:
    from bluegpt.mailroom.adapters.smtp import smtp_settings

    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(smtp_settings(_SITE.smtp_url))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _IS_PRODUCTION
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = LANGUAGE_COOKIE_AGE
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _IS_PRODUCTION
CSRF_FAILURE_VIEW = "bluegpt.web.errors.expired_form"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _IS_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # who asks for health speaks to the process itself
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _IS_PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_PRODUCTION else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W004"]  # decided per environment above

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Records name events and ids, never what people wrote.
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"bluegpt": {"level": "INFO"}},
}
