"""`bluegpt user …`"""

import argparse
import sys
from getpass import getpass

from bluegpt.accounts.services import people
from bluegpt.ops.errors import Complaint


def create(arguments: argparse.Namespace) -> int:
    """Make an account whose address counts as confirmed, for the operator's own people."""
    password = _from_stdin() if arguments.password_stdin else _asked()
    person = people.create_person(
        email=arguments.email, password=password, is_staff=arguments.staff
    )
    print(f"{person.email} can log in now.")
    return 0


def _from_stdin() -> str:
    """The first line of standard input, without its end."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Complaint("Standard input holds no password: write it there, on a line of its own.")
    return password


def _asked() -> str:
    """Typed twice, unseen."""
    if not sys.stdin.isatty():
        raise Complaint(
            "There is no terminal to ask for a password. Hand it over with --password-stdin."
        )
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise Complaint("The two passwords are not the same. Nothing was made; try again.")
    return password
