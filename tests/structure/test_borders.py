"""Who may talk to whom, and who alone may touch the world."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from tests.structure.sources import (
    FLOOR_OF,
    PACKAGE,
    app_of,
    dotted,
    imports,
    module,
    name,
    package_files,
    tree,
)

PUBLIC = {"flows", "services", "queries", "events", "errors", "types"}
SHARED_TABLES = "bluegpt.accounts.models"
NETWORK = (
    "aiohttp",
    "ftplib",
    "http.client",
    "http.server",
    "httpx",
    "httpx2",
    "imaplib",
    "obstore",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "urllib3",
)
CLOCKS = (
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.monotonic",
    "time.monotonic_ns",
    "time.time",
    "time.time_ns",
    "timezone.now",
)
MONEY = ("bluegpt/core/money.py", "bluegpt/credits/")


def test_across_apps_only_the_public_words_are_imported() -> None:
    broken = [
        f"{name(path)}:{line} imports {imported}"
        for path in package_files()
        for line, imported in imports(path)
        if _crosses_a_border(module(path), imported)
    ]

    assert not broken, "\n".join(broken)


def _crosses_a_border(importer: str, imported: str) -> bool:
    here, there = app_of(importer), app_of(imported)
    if not there or there not in FLOOR_OF or there in {here, "core"} or here == "config":
        return False
    if imported == SHARED_TABLES or imported.startswith(f"{SHARED_TABLES}."):
        return False
    return imported.split(".")[2] not in PUBLIC


def test_only_adapters_reach_the_network() -> None:
    broken = [
        f"{name(path)}:{line} imports {imported}"
        for path in package_files()
        if "adapters" not in path.relative_to(PACKAGE).parts
        for line, imported in imports(path)
        if any(imported == each or imported.startswith(f"{each}.") for each in NETWORK)
    ]

    assert not broken, "\n".join(broken)


def test_only_the_settings_read_the_environment() -> None:
    broken = [
        found
        for path in package_files()
        if name(path) != "bluegpt/core/settings.py"
        for found in _uses(path, "os.environ", "os.environb", "os.getenv", "os.putenv")
    ]

    assert not broken, "\n".join(broken)


def test_only_the_clock_asks_the_time() -> None:
    broken = [
        found
        for path in package_files()
        if name(path) != "bluegpt/core/clock.py"
        for found in _uses(path, *CLOCKS)
    ]

    assert not broken, "\n".join(broken)


def _uses(path: Path, *names: str) -> Iterator[str]:
    """Where a file uses one of these, by attribute or by `from … import`."""
    for node in ast.walk(tree(path)):
        chain = dotted(node) if isinstance(node, ast.Attribute) else ""
        if any(chain == each or chain.endswith(f".{each}") for each in names):
            yield f"{name(path)}:{getattr(node, 'lineno', 0)} uses {chain}"
    for line, imported in imports(path):
        if any(imported == each or imported.endswith(f".{each}") for each in names):
            yield f"{name(path)}:{line} imports {imported}"


def test_only_the_gate_mints_clearances() -> None:
    minted = [
        name(path)
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Clearance"
    ]

    assert minted == ["bluegpt/privacy/services/gate.py"]


def test_no_clearance_is_made_from_another() -> None:
    copied = [
        f"{name(path)}:{node.lineno}"
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and dotted(node.func).split(".")[-1] == "replace"
        and node.args
        and "clearance" in dotted(node.args[0]).lower()
    ]

    assert not copied, "\n".join(copied)


def test_foreign_keys_fall_down_the_tower_and_leave_no_way_back() -> None:
    broken = []
    for model in apps.get_models():
        own = app_of(model.__module__)
        for field in model._meta.get_fields():
            if not own or not isinstance(field, (ForeignKey, ManyToManyField)):
                continue
            target = app_of(field.remote_field.model.__module__)
            if not target:
                continue  # a third-party table stands below everything
            climbs = own != target and FLOOR_OF[target] >= FLOOR_OF[own]
            if climbs or field.remote_field.related_name != "+":
                broken.append(f"{model._meta.label}.{field.name}")

    assert not broken, "\n".join(broken)


def test_no_float_touches_an_amount() -> None:
    broken = [
        f"{name(path)}:{node.lineno}"
        for path in package_files()
        if name(path).startswith(MONEY)
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.expr, ast.AugAssign)) and _is_float_arithmetic(node)
    ]

    assert not broken, "\n".join(broken)


def _is_float_arithmetic(node: ast.expr | ast.AugAssign) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.Name):
        return node.id == "float"
    if isinstance(node, ast.AugAssign):
        return isinstance(node.op, ast.Div)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return not any(_is_decimal(side) for side in (node.left, node.right))
    return False


def _is_decimal(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Decimal"


@pytest.mark.parametrize(
    ("importer", "imported", "crosses"),
    [
        ("bluegpt.studio.flows.chat", "bluegpt.privacy.services.gate", False),
        ("bluegpt.studio.flows.chat", "bluegpt.privacy.rules.clearing", True),
        ("bluegpt.studio.models", "bluegpt.accounts.models.Person", False),
        ("bluegpt.studio.models", "bluegpt.credits.models.Hold", True),
        ("bluegpt.web.views", "bluegpt.privacy.models", True),
        ("bluegpt.config.asgi", "bluegpt.core.worker", False),
        ("bluegpt.privacy.apps", "bluegpt.privacy.models", False),
    ],
)
def test_the_border_rule_says_what_it_should(importer: str, imported: str, crosses: bool) -> None:
    assert _crosses_a_border(importer, imported) is crosses
