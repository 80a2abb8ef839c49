"""Pictures and films: what was asked for, what came of it, and how it is kept.

Prompts, names and every file, thumbnails and posters included, are sealed under the person's
content key; the columns in clear carry only what is needed to find, order, filter and bill.
"""

from django.db import models
from django.db.models import Q

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.studio.models.calls import Call
from bluegpt.studio.models.conversations import Message
from bluegpt.studio.types.media import FilmStep, Kind, Origin


class Asset(models.Model):
    """One picture or film: made for the person, or given by them to work from.

    `place` counts the pictures of one creation. A picture has a thumbnail, a film also a poster,
    its first frame at full size; their keys are empty where none could be made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    creation = models.ForeignKey(
        "studio.Creation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=[(k, k) for k in Kind])
    origin = models.CharField(max_length=10, choices=[(o, o) for o in Origin])
    place = models.PositiveIntegerField(default=0)
    name_sealed = models.BinaryField(default=b"")  # of a given file
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    has_sound = models.BooleanField(default=False)
    file_key = models.CharField(max_length=100)
    thumbnail_key = models.CharField(max_length=100, default="")
    poster_key = models.CharField(max_length=100, default="")
    favourite_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            # Ids are in order of birth: the gallery walks them from the newest.
            models.Index(fields=["person", "-id"], name="studio_assets_of_person"),
            models.Index(fields=["person", "kind", "-id"], name="studio_assets_of_kind"),
            models.Index(
                fields=["person", "-id"],
                condition=~Q(favourite_at=None),
                name="studio_favourite_assets",
            ),
        )


class Creation(models.Model):
    """A wish for pictures or for a film, and the paid call that fulfils it.

    `settings` holds what was chosen beside the words, by the names of the request's fields.
    `input_ids` are the assets that it works from, in order; `source` the film that it changes or
    carries on. `message` is the answer that shows it, when it was asked for in a conversation.
    One that came back in an archive has no call here; `made_by_sealed` says who made it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    call = models.OneToOneField(Call, on_delete=models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="+")
    source = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in Kind])
    prompt_sealed = models.BinaryField()
    made_by_sealed = models.BinaryField(default=b"")
    settings = models.JSONField(default=dict)
    input_ids = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-id"], name="studio_creations_of_person"),)


class FilmJob(models.Model):
    """Where a film is on its way: our worker walks it from step to step, and nobody else.

    `ref_sealed` is the provider's name of the job: needed to look, to fetch, to remix, and to have
    the provider delete what it holds; empty once it holds nothing. `file_key` is noted down before
    the file is stored, so that a half-written one can be found and removed. `provider_code` is the
    provider's own word for why there is no film.
    """

    creation = models.OneToOneField(
        Creation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    step = models.CharField(max_length=12, choices=[(s, s) for s in FilmStep])
    ref_sealed = models.BinaryField(default=b"")
    percent = models.PositiveIntegerField(null=True)
    file_key = models.CharField(max_length=100, default="")
    faults = models.PositiveIntegerField(default=0)  # in a row, of the step that it is at
    provider_code = models.CharField(max_length=40, default="")
    deadline_at = models.DateTimeField()
    wants_mail = models.BooleanField(default=False)


class Album(models.Model):
    """A named choice of assets."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-id"], name="studio_albums_of_person"),)


class AlbumEntry(models.Model):
    """An asset in an album."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["album", "asset"], name="studio_once_in_an_album"),
        )


class MadeFile(models.Model):
    """The SHA-256 of a file that this installation made, and of nobody: hex, and the day.

    Files that left here in another form, converted or labelled, have their own.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in Kind])
    made_on = models.DateField()
