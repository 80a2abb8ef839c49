"""One command from its parsed words to its exit code."""

import argparse
import logging
import os
import sys
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as AnyDatabaseError

from bluegpt.core.errors import BlueError
from bluegpt.core.settings import SettingsError
from bluegpt.ops import boot
from bluegpt.ops.errors import Complaint

_INTERRUPTED = 130


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked. What cannot be done is one sentence on standard error."""
    # The pool tells its own log of each attempt; the operator gets one sentence in the end.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    try:
        if arguments.needs_settings:
            boot.start_django(getattr(arguments, "data", None))
        if arguments.needs_database and boot.ready_databases():
            import_module("bluegpt.ops.stock").restock()
        module, name = arguments.handler.split(":")
        code: int = getattr(import_module(module), name)(arguments)
        sys.stdout.flush()
        return code
    except Complaint as complaint:
        return _say(str(complaint), complaint.exit_code)
    except (BlueError, SettingsError) as refusal:
        return _say(str(refusal))
    except ImproperlyConfigured as wrong:
        return _say(_without_driver(wrong))
    except AnyDatabaseError as failure:
        reason = _first_line(failure)
        return _say(f"The database cannot be used: {reason}. `bluegpt doctor` says more.", 1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return _say(f"{error.strerror or error}{place}.", 1)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _say(sentence: str, code: int = 2) -> int:
    print(sentence, file=sys.stderr)
    return code


def _without_driver(wrong: ImproperlyConfigured) -> str:
    """Django's own words, but for the one mistake that an operator is likely to make."""
    if "psycopg" in str(wrong):
        return "PostgreSQL needs its driver: pip install 'bluegpt[postgres]'."
    return _first_line(wrong)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
