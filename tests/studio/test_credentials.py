"""Content Credentials: signed when there is a certificate, read back by the library itself."""

import json
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from bluegpt.core.threads import in_thread
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.adapters import credentials
from bluegpt.studio.adapters.conversions import converted
from bluegpt.studio.adapters.credentials import signed, signed_copy
from bluegpt.studio.adapters.scratch import Scratch
from bluegpt.studio.flows.certifying import certified_film
from bluegpt.studio.models import Asset
from bluegpt.studio.queries.made_files import made_here
from bluegpt.studio.rules.film_marks import marked_film
from bluegpt.studio.rules.provenance import SOURCE_TYPE, marked
from bluegpt.studio.types.media import PictureWish
from tests.studio.certificates import Certified, certified, use
from tests.studio.films import FILM, in_chunks
from tests.studio.independent import exiftool, ffprobe
from tests.studio.test_conversions import picture
from tests.studio.test_previews import saved
from tests.studio.wishing import bytes_of, drawn, wishing

__all__ = ["wishing"]

c2pa = pytest.importorskip("c2pa", reason="the optional library c2pa-python is not installed")

MADE = {
    "image/png": marked(saved(picture()), PictureFormat.PNG),
    "image/jpeg": marked(saved(picture(), "JPEG"), PictureFormat.JPEG),
    "image/webp": marked(saved(picture(), "WEBP"), PictureFormat.WEBP),
    "video/mp4": FILM,
}

# What stands before the picture's own bytes.
INSIDE = {"image/png": b"IDAT", "image/jpeg": b"", "image/webp": b"VP8 ", "video/mp4": b"mdat"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def operator(settings: Settings, certificate: Certified) -> Certified:
    use(settings, certificate)
    return certificate


def read(file: bytes, media_type: str, *, trusts: str = "") -> tuple[str, dict[str, Any]]:
    """What the library says of it: trusted, valid or invalid, and all manifests."""
    told: dict[str, Any] = {"verify": {"verify_trust": bool(trusts), "ocsp_fetch": False}}
    if trusts:
        told["trust"] = {"trust_anchors": trusts}
    context = c2pa.Context(c2pa.Settings.from_dict(told))
    with c2pa.Reader(media_type, BytesIO(file), context=context) as reader:
        return str(reader.get_validation_state()), json.loads(reader.json())


def actions(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        each["data"]["actions"]
        for each in manifest["assertions"]
        if each["label"].startswith("c2pa.actions")
    )
    return found


@pytest.mark.parametrize("media_type", MADE)
def test_what_a_model_made_is_signed_and_says_so(operator: Certified, media_type: str) -> None:
    file = signed(MADE[media_type], media_type)

    state, told = read(file, media_type, trusts=operator.authority_pem)
    manifest = told["manifests"][told["active_manifest"]]
    assert state == "Trusted"
    assert [each["action"] for each in actions(manifest)] == ["c2pa.created"]
    assert actions(manifest)[0]["digitalSourceType"] == SOURCE_TYPE
    assert manifest["claim_generator_info"][0]["name"] == "BlueGPT"
    assert "thumbnail" not in manifest
    assert len(file) - len(MADE[media_type]) < 8_000


@pytest.mark.parametrize("media_type", MADE)
def test_one_changed_byte_is_noticed(operator: Certified, media_type: str) -> None:
    body = bytearray(signed(MADE[media_type], media_type))
    start = body.rindex(INSIDE[media_type]) if INSIDE[media_type] else len(body) - 60
    body[start + 40] ^= 1

    assert read(bytes(body), media_type)[0] == "Invalid"


def test_a_manifest_that_is_there_stays_as_it_is(operator: Certified) -> None:
    file = signed(MADE["image/png"], "image/png")

    assert signed(file, "image/png") == file


@pytest.mark.parametrize("format", list(PictureFormat))
def test_a_converted_picture_names_its_original(operator: Certified, format: PictureFormat) -> None:
    original = signed(MADE["image/png"], "image/png")
    copy = converted(original, format, label="Made by AI")

    file = signed_copy(copy, f"image/{format.value}", original=original, original_type="image/png")

    state, told = read(file, f"image/{format.value}", trusts=operator.authority_pem)
    manifest = told["manifests"][told["active_manifest"]]
    assert state == "Trusted"
    assert [each["action"] for each in actions(manifest)] == ["c2pa.opened", "c2pa.converted"]
    (parent,) = manifest["ingredients"]
    assert parent["relationship"] == "parentOf"
    assert actions(told["manifests"][parent["active_manifest"]])[0]["action"] == "c2pa.created"
    assert SOURCE_TYPE.encode() in file


def test_without_a_certificate_nothing_changes() -> None:
    assert signed(MADE["image/png"], "image/png") is MADE["image/png"]
    assert not credentials.is_configured()


def test_what_cannot_be_signed_keeps_its_plain_mark(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = certified(tmp_path)
    own.key.write_text("no key")
    use(settings, own)

    with caplog.at_level(logging.ERROR):
        file = signed(MADE["image/png"], "image/png")

    assert file == MADE["image/png"]
    assert "no Content Credentials could be signed" in caplog.text


def test_a_fault_is_named(settings: Settings, tmp_path: Path, operator: Certified) -> None:
    assert credentials.fault() == ""

    ended = certified(tmp_path, days=-1)
    use(settings, ended)
    assert credentials.fault().startswith("the certificate ended on")
    use(settings, replace(ended, key=operator.key))
    assert credentials.fault() == "the key is not that of the first certificate"
    use(settings, replace(ended, key=tmp_path / "none.pem"))
    assert credentials.fault().startswith("certificate or key cannot be read")


@pytest.fixture
def scratch(settings: Settings, tmp_path: Path) -> Iterator[Scratch]:
    settings.BLUEGPT = replace(
        django_settings.BLUEGPT, site=replace(django_settings.BLUEGPT.site, data_dir=tmp_path)
    )
    with Scratch() as made:
        yield made


def test_scratch_is_a_file_that_nobody_can_read_from_the_disk(
    scratch: Scratch, tmp_path: Path
) -> None:
    chance, plain = random.Random(1), BytesIO()  # noqa: S311
    for _each in range(200):
        at, data = chance.randrange(40_000), chance.randbytes(chance.randrange(1, 9_000))
        for file in (plain, scratch):
            file.seek(at)
            file.write(data)
        at, size = chance.randrange(50_000), chance.randrange(9_000)
        plain.seek(at)
        scratch.seek(at)
        assert scratch.read(size) == plain.read(size)
        assert scratch.tell() == plain.tell()
    assert scratch.seek(0, 2) == plain.seek(0, 2)

    scratch.seek(0)
    scratch.write(b"words of a person" * 1_000)
    on_disk = scratch._file
    on_disk.seek(0)
    assert b"words of a person" not in on_disk.read()
    assert list(tmp_path.iterdir()) == []


async def test_a_film_is_signed_on_its_way(operator: Certified) -> None:
    chunks = certified_film(marked_film(in_chunks(FILM, 1_000)))

    file = b"".join([chunk async for chunk in chunks])

    assert read(file, "video/mp4", trusts=operator.authority_pem)[0] == "Trusted"
    assert SOURCE_TYPE.encode() in file
    assert ffprobe(file, "film.mp4")["streams"][0]["nb_read_frames"] == "12"
    assert exiftool(file, "film.mp4")["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE


async def test_a_film_that_its_provider_has_signed_is_passed_on(operator: Certified) -> None:
    film = signed(FILM, "video/mp4")

    chunks = certified_film(marked_film(in_chunks(film, 10_000)))

    assert b"".join([chunk async for chunk in chunks]) == film


async def test_without_a_certificate_a_film_only_passes_by() -> None:
    chunks = certified_film(marked_film(in_chunks(FILM, 1_000)))

    assert b"".join([chunk async for chunk in chunks]).startswith(FILM)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
async def test_kept_pictures_are_signed_before_they_are_sealed(
    wishing: Callable[..., PictureWish], somebody: UUID, operator: Certified
) -> None:
    await drawn(wishing(text="A lighthouse in the fog"))

    row = await Asset.objects.aget()
    file = await bytes_of(somebody, row.id, "file")
    assert read(file, "image/jpeg", trusts=operator.authority_pem)[0] == "Trusted"
    assert await in_thread(made_here, sha256(file).hexdigest())
    assert b"lighthouse" not in file
    assert str(somebody).encode() not in file
