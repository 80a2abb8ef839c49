"""Whose data the tables of accounts hold, and those of Django and allauth beside them."""

from django.utils.translation import gettext_lazy as _

from bluegpt.accounts.services import portable
from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare
from bluegpt.core.portable import Portable, Return, register_portable

declare(
    Table(
        model="accounts.Person",
        claims={
            DataClass.IDENTITY: (
                "email",
                "language",
                "theme",
                "created_at",
                "confirmed_at",
                "closed_at",
            ),
            DataClass.SECURITY: ("password", "last_login", "last_active_at"),
            DataClass.TECHNICAL: ("id", "is_staff", "is_active"),
        },
        person_path="id",
        export=Export.SUMMARY,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        withheld=("password",),
        name=_("Account"),
        labels={
            "email": _("E-mail address"),
            "language": _("Language"),
            "theme": _("Colours"),
            "confirmed_at": _("Address confirmed"),
            "last_login": _("Last log-in"),
            "last_active_at": _("Last used"),
            "is_staff": _("Works for the operator"),
            "is_active": _("May log in"),
        },
        # "!" is Django's mark of an account without a password.
        blanks={DataClass.SECURITY: {"password": "!", "last_login": None, "last_active_at": None}},
    ),
    Table(
        model="accounts.ApiKey",
        claims={
            DataClass.SECURITY: ("secret_sha256", "prefix", "last_used_at"),
            DataClass.IDENTITY: ("name",),
            DataClass.TECHNICAL: (
                "id",
                "person",
                "created_at",
                "expires_at",
                "revoked_at",
            ),
        },
        person_path="person_id",
        export=Export.SUMMARY,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        withheld=("secret_sha256",),
        name=_("API keys"),
        labels={
            "name": _("Name"),
            "prefix": _("Begins with"),
            "last_used_at": _("Last used"),
            "expires_at": _("Ends"),
            "revoked_at": _("Revoked"),
        },
    ),
    Table(
        model="account.EmailAddress",
        claims={
            DataClass.IDENTITY: ("email", "verified", "primary"),
            DataClass.TECHNICAL: ("id", "user"),
        },
        person_path="user_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("E-mail addresses"),
        labels={
            "email": _("E-mail address"),
            "verified": _("Confirmed"),
            "primary": _("Main address"),
        },
    ),
    Table(  # stays empty: addresses are confirmed by codes that live in the session
        model="account.EmailConfirmation",
        claims={
            DataClass.SECURITY: ("key", "created", "sent"),
            DataClass.TECHNICAL: ("id", "email_address"),
        },
        person_path="email_address__user_id",
        export=Export.NONE,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        withheld=("key",),
    ),
    Table(  # secrets and seeds inside `data` are sealed under the person's security key
        model="mfa.Authenticator",
        claims={
            DataClass.SECURITY: ("type", "data", "created_at", "last_used_at"),
            DataClass.TECHNICAL: ("id", "user"),
        },
        person_path="user_id",
        export=Export.SUMMARY,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        withheld=("data",),
        name=_("Second factors and passkeys"),
        labels={"type": _("Kind"), "last_used_at": _("Last used")},
    ),
    Table(
        model="usersessions.UserSession",
        claims={
            DataClass.CONNECTION: ("ip", "user_agent", "created_at", "last_seen_at"),
            DataClass.SECURITY: ("session_key", "data"),
            DataClass.TECHNICAL: ("id", "user"),
        },
        person_path="user_id",
        export=Export.SUMMARY,
        erasure=Erasure.DELETE,
        retention_trigger="session_ended",
        withheld=("session_key", "data"),
        name=_("Open sessions"),
        labels={
            "ip": _("IP address"),
            "user_agent": _("Browser, as it names itself"),
            "last_seen_at": _("Last seen"),
        },
        recorded_at="last_seen_at",
    ),
    Table(  # no path in the table; a person's sessions are found through UserSession
        model="sessions.Session",
        claims={DataClass.SECURITY: ("session_key", "session_data", "expire_date")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.EXPIRES,
        retention_trigger="session_ended",
        recorded_at="expire_date",
    ),
)

declare(
    *(
        Table(
            model=model,
            claims={DataClass.TECHNICAL: fields},
            person_path="",
            export=Export.NONE,
            erasure=Erasure.NOT_PERSONAL,
            retention_trigger="none",
        )
        for model, fields in {
            "auth.Permission": ("id", "name", "content_type", "codename"),
            "auth.Group": ("id", "name"),
            "auth.Group_permissions": ("id", "group", "permission"),
            "contenttypes.ContentType": ("id", "app_label", "model"),
        }.items()
    )
)

register_portable(
    Portable(
        key="accounts",
        data_class=DataClass.IDENTITY,
        schemas=portable.SCHEMAS,
        records=portable.records,
        back=Return(is_empty=portable.has_none, check=portable.check, take_in=portable.take_in),
    )
)
