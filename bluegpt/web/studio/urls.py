"""Addresses of the studio. Verbs are nouns: what is done is a thing that is posted to."""

from django.urls import path

from bluegpt.web.studio import media_urls
from bluegpt.web.studio.views import answers, changes, files, introductions, models, pages, stream

app_name = "studio"

urlpatterns = [
    path("conversations", pages.new, name="conversations"),
    path("conversations/temporary", pages.temporary, name="temporary"),
    path("conversations/all", pages.listing, name="listing"),
    path("conversations/archived", pages.archived, name="archived"),
    path("conversations/<uuid:conversation_id>", pages.conversation, name="conversation"),
    path("conversations/<uuid:conversation_id>/options", pages.options, name="options"),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>",
        pages.message,
        name="message",
    ),
    path("conversations/<uuid:conversation_id>/title", changes.title, name="title"),
    path("conversations/<uuid:conversation_id>/pin", changes.pin, name="pin"),
    path("conversations/<uuid:conversation_id>/archival", changes.archival, name="archival"),
    path("conversations/<uuid:conversation_id>/instructions", changes.system, name="system"),
    path("conversations/<uuid:conversation_id>/branch", changes.branch, name="branch"),
    path("conversations/<uuid:conversation_id>/deletion", changes.deletion, name="deletion"),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/edition",
        answers.edition,
        name="edition",
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:message_id>/retry",
        answers.retry,
        name="retry",
    ),
    path("messages", answers.messages, name="messages"),
    path("messages/introduction", introductions.understood, name="introduction"),
    path("quote", answers.quote, name="quote"),
    path("files/size", answers.file_size, name="file_size"),
    path("answers/<uuid:call_id>/events", stream.events, name="events"),
    path("answers/<uuid:call_id>/stop", answers.stop, name="stop"),
    path("files/<uuid:attachment_id>", files.attachment, name="attachment"),
    path("models", models.catalogue, name="models"),
    path("search", pages.search, name="search"),
    *media_urls.urlpatterns,
]
