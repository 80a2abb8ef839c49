"""Mail through a server: what an address means, and one real delivery."""

import base64
import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage, get_connection

from bluegpt.core.settings import SettingsError
from bluegpt.mailroom.adapters.smtp import smtp_settings


def test_smtp_asks_for_encryption_before_anything_is_sent() -> None:
    assert smtp_settings("smtp://ada:p%40ss@mail.example.org") == {
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "ada",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 30,
    }


@pytest.mark.parametrize(
    ("url", "port", "is_tls", "is_starttls"),
    [
        ("smtps://ada:pass@mail.example.org", 465, True, False),
        ("smtps://ada:pass@mail.example.org:2465/", 2465, True, False),
        ("smtp://localhost:2525", 2525, False, False),
        ("smtp://[::1]:2525", 2525, False, False),
        ("smtp://localhost:2525?starttls=yes", 2525, False, True),
        ("smtp://relay:25?starttls=no", 25, False, False),
    ],
)
def test_the_address_decides_port_and_encryption(
    url: str, port: int, is_tls: bool, is_starttls: bool
) -> None:
    made = smtp_settings(url)

    assert made["EMAIL_PORT"] == port
    assert made["EMAIL_USE_SSL"] is is_tls
    assert made["EMAIL_USE_TLS"] is is_starttls


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:port",
        "smtp://host:99999",
        "smtp://host/inbox",
        "smtp://host?starttls=maybe",
        "smtp://host?tls=yes",
        "smtp://ada:secret@relay?starttls=no",
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_setting_and_without_the_password(
    url: str,
) -> None:
    with pytest.raises(SettingsError, match="BLUEGPT_SMTP_URL") as refused:
        smtp_settings(url)

    assert "secret" not in str(refused.value)


class _Sink(socketserver.StreamRequestHandler):
    """As much of a mail server as one delivery needs: it asks for a password and keeps the mail."""

    replies = {
        "EHLO": "250-sink\r\n250 AUTH PLAIN",
        "AUTH": "235 welcome",
        "MAIL": "250 fine",
        "RCPT": "250 fine",
        "QUIT": "221 bye",
    }

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            self.server.said.append(line)  # type: ignore[attr-defined]
            if verb == "DATA":
                self._say("354 go on")
                while (text := self.rfile.readline()) != b".\r\n":
                    self.server.data.append(text)  # type: ignore[attr-defined]
                self._say("250 taken")
            else:
                self._say(self.replies.get(verb, "502 unknown"))

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


@pytest.fixture
def sink() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Sink) as server:
        server.said, server.data = [], []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_mail_reaches_a_real_server(sink: socketserver.ThreadingTCPServer) -> None:
    made = smtp_settings(f"smtp://ada:p%40ss@127.0.0.1:{sink.server_address[1]}")
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=made["EMAIL_HOST"],
        port=made["EMAIL_PORT"],
        username=made["EMAIL_HOST_USER"],
        password=made["EMAIL_HOST_PASSWORD"],
        use_tls=made["EMAIL_USE_TLS"],
        use_ssl=made["EMAIL_USE_SSL"],
        timeout=made["EMAIL_TIMEOUT"],
    )
    mail = EmailMessage("Your code", "4711", "blue@example.org", ["ada@example.org"])

    assert connection.send_messages([mail]) == 1

    said: list[str] = sink.said  # type: ignore[attr-defined]
    data: list[bytes] = sink.data  # type: ignore[attr-defined]
    login = next(line for line in said if line.startswith("AUTH PLAIN"))
    assert base64.b64decode(login.split()[-1]) == b"\0ada\0p@ss"
    assert any(line.upper().startswith("RCPT TO:<ADA@EXAMPLE.ORG>") for line in said)
    assert b"Subject: Your code\r\n" in data
    assert b"4711\r\n" in data
