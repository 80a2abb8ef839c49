"""Is every clause of the policy accounted for, right now, in this installation?"""

from collections.abc import Iterator

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from bluegpt.privacy.adapters import proofs
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries import measures
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.lints import clauses as linting
from bluegpt.privacy.types.audits import Audit, Finding
from bluegpt.privacy.types.clauses import Clause, ClauseStatus


def audit() -> Audit:
    """Look at every clause: its mechanism, its tests where they are here, its evidence of now.

    Runs no test. Costs what the evidence costs, some queries each; no person's data is read.
    """
    policy = manifest()
    claimed = {clause.evidence for clause in policy.clauses.values()}
    claimed |= {measure.probe for measure in policy.measures.values()}
    return Audit(
        findings=tuple(_looked_at(clause) for clause in policy.clauses.values()),
        measures=measures.probed(),
        unproved_purposes=tuple(linting.unproved(policy)),
        unclaimed_evidence=tuple(sorted(set(proofs.evidence_functions()) - claimed)),
        has_tests=proofs.tests_folder() is not None,
    )


def _looked_at(clause: Clause) -> Finding:
    root = proofs.tests_folder()
    absent = (
        [] if root is None else [each for each in clause.tests if not proofs.has_test(root, each)]
    )
    evidence, problem = "", ""
    try:
        evidence = _evidence(clause)
    # The border: whatever a piece of evidence runs into is what the audit has to say of it.
    except Exception as wrong:  # noqa: BLE001
        problem = str(wrong) or type(wrong).__name__
    if absent:
        problem = _("There is no test %(tests)s.") % {"tests": ", ".join(absent)}
    return Finding(
        clause=clause,
        tests_found=None if root is None else len(clause.tests) - len(absent),
        evidence=evidence,
        problem=problem,
    )


def _evidence(clause: Clause) -> str:
    match clause.status:
        case ClauseStatus.PROVED:
            proofs.object_at(clause.mechanism)
            say = proofs.object_at(clause.evidence)
            if not callable(say):
                raise NoEvidence(_("%(place)s is no function.") % {"place": clause.evidence})
            return str(say())
        case ClauseStatus.DECLARATION:
            return _unread(clause)
        case ClauseStatus.NO_PROCESSING:
            return _not_there(clause)
        case ClauseStatus.MISSING:
            raise NoEvidence(_("Nobody has accounted for it yet."))


def _unread(clause: Clause) -> str:
    """Nothing in the code decides by these words."""
    if readers := proofs.lines_naming(clause.key):
        raise NoEvidence(_("Code rests on it: %(lines)s.") % {"lines": ", ".join(readers)})
    return _("Words only: none of %(files)d files of code reads them.") % {
        "files": proofs.files_of_code()
    }


def _not_there(clause: Clause) -> str:
    """No table, column or address is named after what is said not to exist."""
    names = tuple(_names())
    for word in clause.absent:
        if found := [name for name in names if word in name]:
            raise NoEvidence(
                _("There is no %(word)s, it says, and yet: %(names)s.")
                % {"word": word, "names": ", ".join(found)}
            )
    return _(
        "None of %(purposes)d purposes and %(names)d tables, columns and addresses does it."
    ) % {
        "purposes": len(manifest().purposes),
        "names": len(names),
    }


def _names() -> Iterator[str]:
    """Every table, column and address, in lower case."""
    for model in apps.get_models(include_auto_created=True):
        yield model._meta.label_lower
        yield from (f"{model._meta.label_lower}.{field.name}" for field in model._meta.fields)
    yield from _addresses(get_resolver().url_patterns)


def _addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        yield str(pattern.pattern).lower()
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns)
