"""Studio's tables."""

from bluegpt.studio.models.calls import Call
from bluegpt.studio.models.conversations import Attachment, Conversation, Message
from bluegpt.studio.models.media import Album, AlbumEntry, Asset, Creation, FilmJob, MadeFile

__all__ = [
    "Album",
    "AlbumEntry",
    "Asset",
    "Attachment",
    "Call",
    "Conversation",
    "Creation",
    "FilmJob",
    "MadeFile",
    "Message",
]
