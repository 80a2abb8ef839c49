"""Reading what is on disk, an open database included."""

import subprocess
from pathlib import Path


def read(path: Path) -> bytes:
    """The bytes of a file, read by another process if it belongs to an SQLite database.

    Whoever closes such a file drops every lock that its process holds on it: another process then
    takes itself for the last one, and removes the log under the connections that are open here.
    https://sqlite.org/howtocorrupt.html, section 2.2. Raises OSError.
    """
    if ".sqlite3" not in path.name:
        return path.read_bytes()
    done = subprocess.run(["cat", "--", str(path)], capture_output=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.decode())
    return done.stdout
