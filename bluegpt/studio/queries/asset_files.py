"""Which sealed files end with pictures and films: file, thumbnail and poster of each."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from bluegpt.studio.models import Asset, Creation, FilmJob


def keys_of_assets(assets: QuerySet[Asset]) -> list[str]:
    """The keys of every file that these assets name."""
    return _named(assets.values_list("file_key", "thumbnail_key", "poster_key"))


def keys_of_creations(creations: QuerySet[Creation]) -> list[str]:
    """The keys of every file of what came of these wishes, half-written films included."""
    ids = creations.values("id")
    jobs = FilmJob.objects.filter(~Q(file_key=""), creation__in=ids)
    made = keys_of_assets(Asset.objects.filter(creation__in=ids))
    return list(dict.fromkeys([*made, *_named(jobs.values_list("file_key"))]))


def _named(rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [key for row in rows for key in row if key]
