"""`bluegpt doctor`"""

import argparse
from collections.abc import Iterator

from bluegpt.ops import schema
from bluegpt.ops.examining import backups, marks, models, outside, storage
from bluegpt.ops.examining.finding import Finding, Verdict
from bluegpt.ops.schema import SchemaState


def examine(_arguments: argparse.Namespace) -> int:
    """A line for each thing looked at; 1 when there is a problem. Changes nothing."""
    found = []
    for finding in _findings():
        found.append(finding.verdict)
        print(f"{finding.verdict:<8} {finding.subject}: {finding.text}", flush=True)
    problems, warnings = found.count(Verdict.PROBLEM), found.count(Verdict.WARNING)
    print(f"{problems} problems, {warnings} warnings")
    return 1 if problems else 0


def _findings() -> Iterator[Finding]:
    yield from storage.folder()
    yield from storage.secrets()
    databases = list(storage.databases())
    yield from databases
    policy = list(outside.policy_and_settings())
    yield from policy
    yield from marks.content_credentials()
    yield from outside.mail()
    yield from outside.valkey()
    if _are_sound(databases):
        yield from outside.time()
        # What is in the tables can only be asked once they are there.
        if schema.state() is SchemaState.CURRENT:
            yield from storage.contents()
            if _are_sound(policy):  # which says how long a backup lives, and where models are
                yield from backups.backups()
                yield from models.answering()


def _are_sound(findings: list[Finding]) -> bool:
    return all(finding.verdict is not Verdict.PROBLEM for finding in findings)
