"""What `pip install .` brings: every file that the running site reads."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bluegpt"
# Sources of what is shipped in another form.
NOT_SHIPPED = {".po", ".pyc"}


def test_every_file_of_the_package_is_installed_with_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["bluegpt"]
    shipped = {path for pattern in patterns for path in PACKAGE.glob(pattern)}

    wanted = {
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in {".py", *NOT_SHIPPED}
    }

    assert wanted - shipped == set()


def test_the_locks_name_no_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text("utf-8"), lock.name


def test_the_locks_hold_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    direct = {_name(wish) for wish in project["project"]["dependencies"]}
    of_developers = {_name(wish) for wish in project["dependency-groups"]["dev"]}

    assert direct - _locked("requirements.lock") == set()
    assert (direct | of_developers) - _locked("requirements-dev.lock") == set()


def test_developers_run_what_is_served() -> None:
    served, developed = (
        {line for line in (ROOT / lock).read_text("utf-8").splitlines() if line[0].isalpha()}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )

    versions = {line.partition(" ")[0] for line in developed}
    assert {line.partition(" ")[0] for line in served} - versions == set()


def _locked(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if "==" in line and line[0].isalpha()}


def _name(wish: str) -> str:
    """The project's name in a requirement: "django-allauth[mfa]>=65,<66" → "django-allauth"."""
    end = next((at for at, sign in enumerate(wish) if sign in "[<>=!~; "), len(wish))
    return wish[:end].lower()
