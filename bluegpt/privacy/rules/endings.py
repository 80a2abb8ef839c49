"""From what a table declares to how and when its rows end."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from bluegpt.core.personal_data import ACCOUNT_CLOSED, DataClass, Erasure, Table
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.endings import Act, Step
from bluegpt.privacy.types.manifest import EndAction, RetentionRule

_NOTHING: Mapping[str, object] = MappingProxyType({})


def steps(table: Table, rules: Iterable[RetentionRule]) -> Iterator[Step]:
    """How rows of a table end: classes that are blanked each by itself, then the row.

    Rows that reach the person through another table, and would be severed, have no step of their
    own: they are severed with that one.
    """
    own = [rule for rule in rules if rule.trigger == table.retention_trigger]
    for data_class, blanks in table.blanks.items():
        blanking = tuple(rule for rule in own if rule.data_class is data_class)
        yield Step(table=table, act=Act.BLANK, rules=blanking, blanks=blanks)
    ending = tuple(
        rule
        for rule in own
        if rule.data_class in table.claims and rule.data_class not in table.blanks
    )
    if not ending or table.erasure is Erasure.NOT_PERSONAL:
        return
    is_severed = (
        table.erasure is Erasure.KEEP_PSEUDONYMOUS and shortest(ending).then is EndAction.SEVER
    )
    if not is_severed:
        yield Step(table=table, act=Act.DELETE, rules=ending, blanks=_NOTHING)
    elif "__" not in table.person_path:
        yield Step(table=table, act=Act.SEVER, rules=ending, blanks=_NOTHING)


def shortest(rules: Iterable[RetentionRule], *, content: Duration | None = None) -> RetentionRule:
    """The rule that ends a row: the one with the shortest term."""
    return min(rules, key=lambda rule: (term_of(rule, content=content).days_about, rule.key))


def term_of(rule: RetentionRule, *, content: Duration | None) -> Duration:
    """A rule's term for somebody; `content` is the longer one that they chose for their content.

    It never goes beyond the rule's ceiling, whatever was chosen under an earlier policy.
    """
    if content is None or (rule.data_class, rule.trigger) != (DataClass.CONTENT, ACCOUNT_CLOSED):
        return rule.duration
    return min(max(rule.duration, content, key=_about), rule.ceiling, key=_about)


def key_term(
    data_class: DataClass, rules: Iterable[RetentionRule], *, content: Duration | None
) -> Duration:
    """How long after the closing a person's key of a class is needed: the longest of its terms."""
    terms = [
        term_of(rule, content=content)
        for rule in rules
        if rule.data_class is data_class and rule.trigger == ACCOUNT_CLOSED
    ]
    return max(terms, key=_about, default=Duration())


def _about(term: Duration) -> int:
    return term.days_about
