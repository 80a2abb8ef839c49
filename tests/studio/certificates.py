"""An authority and a certificate under it, as an operator may have one for Content Credentials."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings as django_settings
from pytest_django import Settings

from bluegpt.core import clock
from bluegpt.core.settings import CredentialSettings

_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Certified:
    """The files that the settings name, and the authority that a reader may trust."""

    certificates: Path
    key: Path
    authority_pem: str


def certified(folder: Path, *, days: int = 30) -> Certified:
    """Made anew; `days` below zero gives one that has ended."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
    root = (
        _begun("Test authority", "Test authority", root_key, root_key, days=max(1, days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begun("Test signer", "Test authority", key, root_key, days=days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    made = Certified(folder / "chain.pem", folder / "key.pem", root.public_bytes(_PEM).decode())
    made.certificates.write_bytes(leaf.public_bytes(_PEM) + root.public_bytes(_PEM))
    made.key.write_bytes(
        key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def use(settings: Settings, own: Certified) -> None:
    """Let the settings name it, for this test."""
    settings.BLUEGPT = replace(
        django_settings.BLUEGPT,
        credentials=CredentialSettings(certificates=str(own.certificates), key=str(own.key)),
    )


def _begun(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    root_key: ec.EllipticCurvePrivateKey,
    *,
    days: int,
) -> x509.CertificateBuilder:
    start = clock.now() - timedelta(days=60)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(clock.now() + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(identifier, critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
