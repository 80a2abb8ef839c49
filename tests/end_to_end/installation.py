"""A real installation: the server as a process of its own on a data folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path

from tests import warm

ROOT = Path(__file__).resolve().parents[2]
START_S = 60
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
# Nothing listens on the discard port: a provider that is down, as the network knows it.
NOWHERE = "http://127.0.0.1:9/v1"
_CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)
_BALANCE = re.compile(r"^(\S+) credits available, (\S+) held")


@dataclass(slots=True)
class Installation:
    """A data folder, the server on it while it runs, and what both have written."""

    data_dir: Path
    log_path: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def named_address(self) -> str:
        """By a name: browsers make passkeys for no other."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Serve on a free port; comes back when requests are answered."""
        begin = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log:
            self._process = warm.start(
                [sys.executable, "-m", "bluegpt.ops.cli", "serve", "--port", "0"],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.port = self._announced_port(begin)

    def kill(self) -> None:
        """The power fails: no goodbye, no last write."""
        self._end(signal.SIGKILL, timeout_s=10)

    def stop(self, *, timeout_s: float = 20) -> float:
        """An orderly end; the seconds that it took. Raises TimeoutExpired."""
        began = time.monotonic()
        self._end(signal.SIGTERM, timeout_s=timeout_s)
        return time.monotonic() - began

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def command(self, *words: str, typed: str = "") -> str:
        """Run `bluegpt` on this data folder; what it printed. Raises CalledProcessError."""
        return self.run("bluegpt.ops.cli", *words, typed=typed)

    def run(self, module: str, *words: str, typed: str = "") -> str:
        """Run one of our modules on this data folder."""
        done = warm.run(
            [sys.executable, "-m", module, *words], typed=typed, cwd=ROOT, env=self._environment()
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def balance(self, email: str) -> tuple[str, str]:
        """Credits that a person can spend and credits that are held, as the ledger has them."""
        found = _BALANCE.match(self.command("credits", "balance", email))
        assert found is not None
        return found[1], found[2]

    def mails(self, to: str) -> list[str]:
        """What was mailed to an address, the newest last."""
        return [body for receiver, body in map(_read, self._mail_files()) if receiver == to]

    def code(self, to: str, *, after: int = 0) -> str:
        """The code in the newest mail to an address, once there are more than `after` of them."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            mails = self.mails(to)
            if len(mails) > after:
                found = _CODE.search(mails[-1])
                assert found is not None, mails[-1]
                return found[1]
            time.sleep(0.05)
        raise AssertionError(f"no code was mailed to {to}")

    def _mail_files(self) -> list[Path]:
        return sorted((self.data_dir / "mail").glob("*.eml"))

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BLUEGPT_ENV": "demo",
            "BLUEGPT_DATA_DIR": str(self.data_dir),
            "BLUEGPT_DATABASE_URL": "",
            "BLUEGPT_VAULT_DATABASE_URL": "",
            "BLUEGPT_VALKEY_URL": "",
            "BLUEGPT_FIND_LOCAL_MODELS": "no",
            "OPENAI_API_KEY": "opens-nothing",
            "OPENAI_BASE_URL": NOWHERE,
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def _announced_port(self, begin: int) -> int:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            said = self.log_path.read_bytes()[begin:].decode(errors="replace")
            if found := _ADDRESS.search(said):
                return int(found[1])
            assert self._process is not None
            assert self._process.poll() is None, said
            time.sleep(0.05)
        raise AssertionError(f"the server did not start in {START_S} s")

    def _end(self, number: signal.Signals, *, timeout_s: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _read(path: Path) -> tuple[str, str]:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    body = message.get_body(("plain",))
    assert body is not None
    return str(message["to"]), str(body.get_content()).replace("\r\n", "\n")
