"""People and their API keys. Everything else about log-in lives in allauth's tables."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from typing_extensions import override

from bluegpt.core import clock
from bluegpt.core.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their address, however it was capitalised."""

    @override
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """A human with an account. `email` mirrors the confirmed primary `EmailAddress` of allauth."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="", blank=True)
    theme = models.CharField(max_length=5, default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # what the account's retention terms count from
    # A log-in, a page, a call with a key, a payment: what an unused account is known by.
    last_active_at = models.DateTimeField(default=clock.now, null=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(language__in=["", "en", "fr"]), name="accounts_known_language"
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=["", "light", "dark"]), name="accounts_known_theme"
            ),
        )
        indexes = (
            models.Index(
                fields=["closed_at", "id"],
                condition=models.Q(closed_at__isnull=False),
                name="accounts_closed",
            ),
            models.Index(
                fields=["last_active_at", "id"],
                condition=models.Q(closed_at=None),
                name="accounts_unused",
            ),
        )

    @override
    def __str__(self) -> str:
        return str(self.id)  # an address would end in logs

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class ApiKey(models.Model):
    """Leave to spend somebody's credits through the API. The secret itself is never stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["person", "-created_at"], name="accounts_keys_of_person"),)

    @override
    def __str__(self) -> str:
        return str(self.id)
