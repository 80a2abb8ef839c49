"""`bluegpt privacy receipt …`"""

import argparse

import orjson

from bluegpt.ops.errors import Complaint
from bluegpt.privacy.errors.receipts import ReceiptBroken
from bluegpt.privacy.queries.receipt_check import check


def check_file(arguments: argparse.Namespace) -> int:
    """Whether a downloaded receipt is what was signed; 1 when it is not. Reads the file alone."""
    try:
        document = orjson.loads(arguments.file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Complaint(f"{arguments.file} is not JSON: {error}.", exit_code=1) from None
    try:
        known = document if isinstance(document, dict) else {}
        signer = check(known, expected_key=arguments.key)
    except ReceiptBroken:
        print("BROKEN  this receipt was altered, or another key signed it")
        return 1
    print(f"holds   receipt {document['number']}, of {document['made_at']}")
    print(f"holds   signed by the key {signer}")
    if arguments.key is None:
        print("Compare this key with /.well-known/bluegpt-receipt-key.json of the installation.")
    return 0
