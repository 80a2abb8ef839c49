"""Files made here are known again by their digest."""

import hashlib

import pytest

from bluegpt.core import clock
from bluegpt.studio.queries.made_files import made_here
from bluegpt.studio.services import made_files
from bluegpt.studio.types.media import Kind

ONE, OTHER = (hashlib.sha256(text).hexdigest() for text in (b"one", b"other"))


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_file_made_here_is_known_again_and_no_other_is() -> None:
    made_files.note(digests=[ONE], kind=Kind.FILM)
    made_files.note(digests=[ONE], kind=Kind.PICTURE)  # ended twice: the first word stays

    found = made_here(ONE.upper())

    assert found is not None
    assert (found.kind, found.made_on) == (Kind.FILM, clock.now().date())
    assert made_here(OTHER) is None
