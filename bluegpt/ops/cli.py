"""The `bluegpt` command. Django is loaded only once there is something to do."""

import sys
from collections.abc import Sequence
from importlib import import_module

from bluegpt.ops.parser import parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 found something wrong, 2 asked for wrongly."""
    arguments = parser().parse_args(argv)
    code: int = import_module("bluegpt.ops.running").run(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
