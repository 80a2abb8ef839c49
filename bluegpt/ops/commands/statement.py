"""`bluegpt statement …`"""

import argparse

import orjson

from bluegpt.credits.queries.statement_check import Broken, check
from bluegpt.ops.errors import Complaint


def check_file(arguments: argparse.Namespace) -> int:
    """What holds of a downloaded statement; 1 at the first thing that does not, naming the line.

    Needs no installation: nothing but the file is read.
    """
    try:
        document = orjson.loads(arguments.file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Complaint(f"{arguments.file} is not JSON: {error}.", exit_code=1) from None
    head = None if arguments.head is None else arguments.head.strip().lower()
    try:
        for sentence in check(document, head=head):
            print(f"holds   {sentence}")
    except Broken as broken:
        print(f"BROKEN  {broken}")
        print("This statement does not prove what it says.")
        return 1
    print("This statement holds.")
    return 0
