"""What shows today that requests are answered: their clocks, their documents, their letters."""

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import IdentityDocument, RecipientNotice, Request, YearlyCheck
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import due_dates, requests
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.requests import Channel


def answered_in_time() -> str:
    """No request waits beyond its date. Raises NoEvidence."""
    today = due_dates.day_in_france(clock.now())
    waiting = Request.objects.filter(decided_at=None)
    late = waiting.filter(due_on__lt=today).count()
    if late:
        raise NoEvidence(_("%(count)d requests wait beyond their date.") % {"count": late})
    return _("%(count)d requests wait, none beyond its date.") % {"count": waiting.count()}


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
