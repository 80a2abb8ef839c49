"""What somebody has to look at: a disputed line, a usage nobody believes, a provider's report."""

from django.db import models
from django.db.models import Q

from bluegpt.core.ids import new_id
from bluegpt.credits.models.books import Hold
from bluegpt.credits.models.choices import choices
from bluegpt.credits.types import CaseKind, CaseState


class Case(models.Model):
    """One thing to be looked at, and how it ended.

    `subject` names what it is about in one word per kind (a hold's id, a group of the journal,
    "openai gpt-5 2026-11-21"): one case per kind and subject. `words_sealed` is what the person
    wrote, `answer_sealed` what staff answered, both under the person's content key.
    `correction_id` is the line of the journal that settled it, if one did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=choices(CaseKind))
    subject = models.CharField(max_length=200)
    person_id = models.UUIDField(null=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="+")
    group_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=choices(CaseState))
    facts = models.JSONField(default=dict)
    words_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")
    answered_by = models.CharField(max_length=100, default="")
    correction_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "subject"], name="credits_one_case_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN.value, answered_at=None)
                | (~Q(state=CaseState.OPEN.value) & ~Q(answered_at=None)),
                name="credits_case_answered_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["created_at"],
                condition=Q(state=CaseState.OPEN.value),
                name="credits_open_cases",
            ),
            models.Index(fields=["person_id", "created_at"], name="credits_cases_of_person"),
        )
