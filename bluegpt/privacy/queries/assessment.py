"""The impact assessment written out: context and principles from the manifest, then the risks."""

import hashlib
from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from bluegpt.core import clock
from bluegpt.privacy.errors.manifest import AssessmentOverdue
from bluegpt.privacy.queries import registers
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.lints import assessment as linting
from bluegpt.privacy.types.assessment import AssessmentText, Level, Risk
from bluegpt.privacy.types.registers import Activity

_LEVELS = {
    Level.NEGLIGIBLE: pgettext_lazy("a risk", "negligible"),
    Level.LIMITED: pgettext_lazy("a risk", "limited"),
    Level.SIGNIFICANT: pgettext_lazy("a risk", "significant"),
    Level.MAXIMUM: pgettext_lazy("a risk", "maximum"),
}


def assessment(*, language: str) -> AssessmentText:
    """The whole document in a language, as Markdown. Raises AssessmentOverdue."""
    if late := tuple(linting.overdue(manifest(), today=clock.now().date())):
        raise AssessmentOverdue(_("Overdue: %(what)s.") % {"what": "; ".join(late)})
    with translation.override(language):
        text = "\n".join([*_head(), *_context(), *_risks(language), *_plan(language)]) + "\n"
    return AssessmentText(text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def _head() -> Iterator[str]:
    policy = manifest()
    made = policy.assessment
    yield _title(1, _("Impact assessment of %(company)s") % {"company": policy.operator.company})
    yield ""
    yield _("Assessed on %(day)s, to be reviewed by %(review)s. Method: %(method)s.") % {
        "day": made.assessed_on,
        "review": made.review_by,
        "method": made.method,
    }
    yield _("Version of the policy: %(digest)s.") % {"digest": policy.digest}


def _context() -> Iterator[str]:
    yield _title(2, _("Context and principles"))
    for each in registers.activities():
        yield from _activity(each)


def _activity(each: Activity) -> Iterator[str]:
    yield _title(3, each.name)
    yield each.why
    for data_class, basis in each.bases.items():
        yield _line(_("Legal basis"), f"{data_class}, {basis}")
    for line in (*each.kinds, *each.transfers, *each.terms):
        yield f"- {line}"
    if each.balancing:
        yield _line(_("Balancing"), each.balancing)


def _risks(language: str) -> Iterator[str]:
    policy = manifest()
    yield _title(2, _("What is feared"))
    for key in sorted(policy.assessment.risks):
        yield from _risk(policy.assessment.risks[key], language)
    consulted = policy.assessment.consulted_on
    if consulted is not None:
        yield _("The authority was consulted on %(day)s.") % {"day": consulted}


def _risk(risk: Risk, language: str) -> Iterator[str]:
    measures = manifest().measures
    yield _title(3, risk.name.in_language(language))
    yield _line(_("Sources"), risk.sources.in_language(language))
    yield _line(_("Impacts"), risk.impacts.in_language(language))
    yield _line(_("Severity that remains"), _LEVELS[risk.severity])
    yield _line(_("Likelihood that remains"), _LEVELS[risk.likelihood])
    for key in risk.measures:
        found = measures[key]
        yield f"- {found.name.in_language(language)}: {found.what.in_language(language)}"


def _plan(language: str) -> Iterator[str]:
    plan = manifest().assessment.plan
    yield _title(2, _("What is planned"))
    for key in sorted(plan):
        yield f"- {plan[key].by}, {plan[key].owner}: {plan[key].what.in_language(language)}"


def _title(depth: int, words: str) -> str:
    return f"\n{'#' * depth} {words}" if depth > 1 else f"# {words}"


def _line(name: str, said: object) -> str:
    return f"- {name}: {said}"
