"""What shows today that requests are answered: their clocks, their documents, their letters."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import (
    IdentityDocument,
    RecipientNotice,
    Request,
    RequestStep,
    YearlyCheck,
)
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import due_dates, requests
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.requests import Channel, StepKind
from bluegpt.privacy.types.rights import Right

_LOOKED_BACK_DAYS = 90


def answered_in_time() -> str:
    """No request waits beyond its date. Raises NoEvidence."""
    today = due_dates.day_in_france(clock.now())
    waiting = Request.objects.filter(decided_at=None)
    late = waiting.filter(due_on__lt=today).count()
    if late:
        raise NoEvidence(_("%(count)d requests wait beyond their date.") % {"count": late})
    return _("%(count)d requests wait, none beyond its date.") % {"count": waiting.count()}


def complaints_are_answered() -> str:
    """No complaint was or is late, and each went to somebody else, with the authority named.

    Raises NoEvidence.
    """
    now = clock.now()
    known = Request.objects.filter(
        Q(decided_at=None) | Q(decided_at__gte=now - timedelta(days=_LOOKED_BACK_DAYS)),
        right=Right.COMPLAINT.value,
    )
    answered = known.values_list("due_on", "decided_at")
    late = sum(
        due_on < due_dates.day_in_france(decided_at or now) for due_on, decided_at in answered
    )
    if late:
        raise NoEvidence(_("%(count)d complaints are or were late.") % {"count": late})
    taken_up = RequestStep.objects.filter(kind=StepKind.ESCALATED.value, request=OuterRef("id"))
    operator = manifest().operator
    if known.filter(~Exists(taken_up)).exists() or not operator.authority_url:
        raise NoEvidence(_("A complaint was not taken up, or nobody was told of the authority."))
    return _(
        "%(count)d complaints of the last %(days)d days or open, none late, each taken up apart;"
        " its letters name %(authority)s (%(url)s)."
    ) % {
        "count": known.count(),
        "days": _LOOKED_BACK_DAYS,
        "authority": operator.authority,
        "url": operator.authority_url,
    }


def documents_rest_on_a_doubt() -> str:
    """A document was asked for on a written doubt that two people share, and none is left.

    Raises NoEvidence.
    """
    steps = RequestStep.objects.filter(request__decided_at=None)
    asked = steps.filter(kind=StepKind.DOCUMENT_ASKED.value)
    if asked.filter(Q(second_by="") | Q(second_by=F("by"))).exists():
        raise NoEvidence(_("A document was asked for without a doubt that two people share."))
    received = steps.filter(kind=StepKind.DOCUMENT_RECEIVED.value).values_list("request", flat=True)
    kept = IdentityDocument.objects.values_list("request", flat=True)
    unasked = (set(received) | set(kept)) - set(asked.values_list("request", flat=True))
    if unasked:
        raise NoEvidence(
            _("%(count)d documents are here unasked, or outlived their decision.")
            % {"count": len(unasked)}
        )
    return _(
        "%(asked)d documents are asked for in open requests, each on a written doubt that two"
        " people share; %(kept)d copies are kept, none beyond its decision."
    ) % {"asked": asked.count(), "kept": len(kept)}


def no_document_outlives_its_decision() -> str:
    """No copy is kept of a request that is decided. Raises NoEvidence."""
    left = IdentityDocument.objects.exclude(request__decided_at=None).count()
    if left:
        raise NoEvidence(_("%(count)d copies outlived their decision.") % {"count": left})
    kept = IdentityDocument.objects.count()
    return _("%(count)d copies are kept, each for a request that is open.") % {"count": kept}


def every_channel_runs_on_one_clock() -> str:
    """Whichever way a request came, it is due a month after its receipt. Raises NoEvidence."""
    terms = {facts.term for facts in manifest().rights.rights.values()}
    if len(terms) != 1:
        raise NoEvidence(_("The rights have clocks of their own."))
    [term] = terms
    open_ones = Request.objects.filter(decided_at=None, is_extended=False)
    for received_on, due_on in open_ones.values_list("received_on", "due_on").iterator():
        if due_on != due_dates.due_on(received_on, term):
            raise NoEvidence(_("A request is not due when its day of receipt says."))
    counts = {
        channel.value: Request.objects.filter(channel=channel.value).count() for channel in Channel
    }
    return (
        _(
            "%(account)d requests came from accounts, %(form)d by the public form, %(email)d by"
            " e-mail, %(post)d by post, all on one clock."
        )
        % counts
    )


def extensions_are_lawful() -> str:
    """No request is due later than the law allows. Raises NoEvidence."""
    extended = Request.objects.filter(decided_at=None, is_extended=True)
    for received_on, due_on in extended.values_list("received_on", "due_on").iterator():
        longest = Duration(months=requests.EXTENSION_MONTHS_MAX + 1)
        if due_on > due_dates.due_on(received_on, longest):
            raise NoEvidence(_("A request was extended by more than two months."))
    return _("%(count)d open requests are extended, none beyond the law.") % {
        "count": extended.count()
    }


def authority_is_named() -> str:
    """Which authority letters of refusal and of closing name."""
    operator = manifest().operator
    return _("Every refusal and closing names %(authority)s (%(url)s).") % {
        "authority": operator.authority,
        "url": operator.authority_url,
    }


def recipients_are_told() -> str:
    """How many recipients wait to be told of a correction, an erasure or a restriction."""
    waiting = RecipientNotice.objects.filter(told_at=None).count()
    told = RecipientNotice.objects.exclude(told_at=None).count()
    return _("%(told)d recipients were told, %(waiting)d are to be told.") % {
        "told": told,
        "waiting": waiting,
    }


def people_are_asked_to_check() -> str:
    """How many people have been asked to check their details."""
    asked = YearlyCheck.objects.count()
    return _("%(count)d people were asked to check their details.") % {"count": asked}


def contacts_are_stated() -> str:
    """Where the operator is reached, by mail and by post."""
    operator = manifest().operator
    return _("The operator is reached at %(email)s, and by post at: %(post)s.") % {
        "email": operator.email,
        "post": operator.post,
    }
