"""Studio's refusals: what the person asked for, and what they can do about it."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused, Unavailable


class UnknownConversation(Missing):
    """No such conversation of this person."""

    code = "unknown_conversation"
    sentence = _("This conversation does not exist, or it was deleted.")


class UnknownMessage(Missing):
    """No such message in this conversation."""

    code = "unknown_message"
    sentence = _("This message does not exist, or it was deleted.")


class UnknownAnswer(Missing):
    """No such answer of this person."""

    code = "unknown_answer"
    sentence = _("This answer does not exist, or it was deleted.")


class UnknownAsset(Missing):
    """No such picture or film of this person."""

    code = "unknown_asset"
    sentence = _("This image or video does not exist, or it was deleted.")


class UnknownCreation(Missing):
    """No such wish for pictures or a film of this person."""

    code = "unknown_creation"
    sentence = _("This request does not exist, or it was deleted.")


class UnknownAlbum(Missing):
    """No such album of this person."""

    code = "unknown_album"
    sentence = _("This album does not exist, or it was deleted.")


class StillBeingMade(Conflict):
    """A wish is to be deleted while it is being fulfilled."""

    code = "still_being_made"
    sentence = _("This is still being made. Stop it first, then delete it.")


class AlbumWithoutName(Refused):
    """An album is given no name."""

    code = "album_without_name"
    sentence = _("Give the album a name.")


class TooManyAlbums(Refused):
    """More albums than one person may have."""

    code = "too_many_albums"

    def __init__(self, *, albums_max: int) -> None:
        super().__init__(
            _("You have %(albums_max)d albums, which is the most. Delete one first.")
            % {"albums_max": albums_max}
        )


class EmptyMessage(Refused):
    """Nothing to send."""

    code = "empty_message"
    sentence = _("Write a message first.")


class MessageTooLong(Refused):
    """The text is over the limit of one message."""

    code = "message_too_long"

    def __init__(self, *, chars: int, chars_max: int) -> None:
        super().__init__(
            _("This message has %(chars)d characters; the most is %(chars_max)d. Shorten it.")
            % {"chars": chars, "chars_max": chars_max}
        )


class AnswerUnderWay(Conflict):
    """An answer in this conversation is still being made."""

    code = "answer_under_way"
    sentence = _("An answer is still being written here. Wait for it, or stop it first.")


class CeilingReached(Refused):
    """The answer was cut where the credits, or the cap, that could be held for it ended."""

    code = "ceiling_reached"
    sentence = _(
        "Your credits, or a limit that you set, reached no further, so the answer was stopped here."
    )


class AnswerNotKept(Conflict):
    """The request was made before, and its answer is no longer in memory."""

    code = "answer_not_kept"
    sentence = _(
        "This request was already answered, and the answer is not kept. Nothing was charged"
        " this time. Send it with a new key to ask again."
    )


class UnreadableAttachment(Refused):
    """The file is not a picture or PDF that can be read."""

    code = "unreadable_attachment"

    def __init__(self, *, name: str) -> None:
        super().__init__(
            _(
                "“%(name)s” cannot be read."
                " Attach a PNG, JPEG, WebP or GIF picture, or a PDF without a password."
            )
            % {"name": name}
        )


class AttachmentTooLarge(Refused):
    """The file is over the limit."""

    code = "attachment_too_large"

    def __init__(self, *, name: str, size_bytes_max: int) -> None:
        super().__init__(
            _("“%(name)s” is larger than %(megabytes)d MB. Attach a smaller file.")
            % {"name": name, "megabytes": size_bytes_max // 1_000_000}
        )


class TooManyAttachments(Refused):
    """More files than one message may carry."""

    code = "too_many_attachments"

    def __init__(self, *, attachments_max: int) -> None:
        super().__init__(
            _("A message can carry %(attachments_max)d files. Remove some and send again.")
            % {"attachments_max": attachments_max}
        )


class ModelCannotRead(Refused):
    """The model does not read this kind of file."""

    code = "model_cannot_read"

    def __init__(self, *, model_name: str, kind: str) -> None:
        sentences = {
            "image": _("%(model)s does not read pictures. Choose a model that does."),
            "pdf": _("%(model)s does not read PDFs. Choose a model that does."),
        }
        super().__init__(sentences[kind] % {"model": model_name})


class NothingKeptHere(Refused):
    """A file in a temporary conversation."""

    code = "temporary_attachment"
    sentence = _(
        "Temporary conversations keep nothing, so files cannot be attached to them."
        " Start an ordinary conversation."
    )


class NoPicturesHere(Refused):
    """Pictures in a temporary conversation."""

    code = "temporary_picture"
    sentence = _(
        "Temporary conversations keep nothing, so no pictures are made in them."
        " Start an ordinary conversation."
    )


class DoesNotConverse(Refused):
    """A message to a model that draws or films."""

    code = "model_does_not_converse"
    sentence = _(
        "This model makes pictures or videos and answers nothing. Choose one that converses."
    )


class DoesNotDraw(Refused):
    """A picture from a model that converses."""

    code = "model_does_not_draw"
    sentence = _("This model makes no pictures. Choose one that does.")


class SizeNotOffered(Refused):
    """A size or quality in which this model does not draw."""

    code = "size_not_offered"

    def __init__(self, *, model_name: str, offered: str) -> None:
        super().__init__(
            _("%(model)s does not draw in this size or quality. It offers: %(offered)s.")
            % {"model": model_name, "offered": offered}
        )


class SettingNotOffered(Refused):
    """Something that this model cannot be told, or not in this way."""

    code = "setting_not_offered"

    def __init__(self, *, model_name: str, setting: str, most: int = 0) -> None:
        sentences = {
            "number": _("%(model)s makes at most %(most)d pictures at once. Ask for fewer."),
            "format": _("%(model)s does not write this format. Choose another one."),
            "background": _("%(model)s has no such background. Choose another one."),
            "transparent_jpeg": _("JPEG pictures cannot be transparent. Choose PNG or WebP."),
            "style": _("%(model)s has no such style. Choose another one."),
            "seed": _("%(model)s takes no starting number. Leave it out."),
            "mask": _("%(model)s cannot change a part of a picture. Choose another model."),
            "references": _("%(model)s works from at most %(most)d pictures. Take some away."),
            "no_references": _("%(model)s works from no pictures. Choose another model."),
        }
        super().__init__(sentences[setting] % {"model": model_name, "most": most})
        self.setting = setting


class UnusableMask(Refused):
    """A mask that is no PNG, has another size than its picture, or marks nothing."""

    code = "unusable_mask"
    sentence = _(
        "What you marked does not fit the picture, or nothing is marked. Mark the part again."
    )


class NotInThatForm(Refused):
    """A film, or a picture that cannot be read, in another format or with a label."""

    code = "not_in_that_form"
    sentence = _("This file can only be downloaded as it is.")


class DayNotOver(Refused):
    """A day is compared with a provider's report once it is over in UTC."""

    code = "day_not_over"
    sentence = _("That day is not over yet in UTC, so nobody's report of it is complete.")


class DoesNotFilm(Refused):
    """A film from a model that makes none."""

    code = "model_does_not_film"
    sentence = _("This model makes no videos. Choose one that does.")


class FilmNotOffered(Refused):
    """A length, size, sound, picture or change that this model does not offer."""

    code = "film_not_offered"

    def __init__(self, *, model_name: str, offered: str) -> None:
        super().__init__(
            _("%(model)s makes no such video. It offers: %(offered)s.")
            % {"model": model_name, "offered": offered}
        )


class FilmNotAtProvider(Refused):
    """A film to change or carry on of which the provider keeps nothing, or another one made it."""

    code = "film_not_at_provider"
    sentence = _(
        "The provider no longer has this video, or another model made it,"
        " so it can neither be changed nor carried on. Make a new one."
    )


class TooManyFilms(Refused):
    """More films in the making than one person may have."""

    code = "too_many_films"

    def __init__(self, *, films_max: int) -> None:
        super().__init__(
            _("You have %(films_max)d videos in the making. Wait until one is done.")
            % {"films_max": films_max}
        )


class FilmRefused(Refused):
    """The provider's safety system made no film of it."""

    code = "film_refused"
    sentence = _("The provider's safety system refused this video. Change what you ask for.")


class FilmFailed(Unavailable):
    """The provider began a film and could not end it."""

    code = "film_failed"
    sentence = _("The provider could not make this video. Try again, or choose another model.")


class FilmTooLate(Unavailable):
    """The film was not there at its deadline."""

    code = "film_too_late"
    sentence = _("The video was not ready in time, so it was given up. Try again later.")


class FilmLost(Unavailable):
    """This installation stopped just as the wish left; it is never sent twice."""

    code = "film_lost"
    sentence = _(
        "This installation was interrupted just as your request left, and it is never sent"
        " twice. Ask again."
    )


class FilmUnreadable(Unavailable):
    """What the provider sent is no film that can be played."""

    code = "film_unreadable"
    sentence = _("The provider sent a file that cannot be played. Try again.")
