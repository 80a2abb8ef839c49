"""Addresses of the image studio, the gallery, and the files in it."""

from django.urls import path

from bluegpt.web.studio.views import (
    assets,
    downloads,
    filming,
    gallery,
    images,
    made_here,
    selections,
    videos,
)
from bluegpt.web.studio.views import creations as making

urlpatterns = [
    path("images", images.page, name="images"),
    path("images/creations", making.creations, name="creations"),
    path("images/creations/<uuid:call_id>/events", making.events, name="creation_events"),
    path("images/creations/<uuid:creation_id>/repetition", making.repetition, name="repetition"),
    path(
        "gallery/creations/<uuid:creation_id>/deletion",
        selections.creation_deletion,
        name="creation_deletion",
    ),
    path("images/model", images.model_chosen, name="images_model"),
    path("images/models", images.models, name="draw_models"),
    path("images/settings", images.settings, name="draw_settings"),
    path("images/quote", images.quote, name="draw_quote"),
    path("images/inputs", images.inputs, name="inputs"),
    path("images/introduction", images.understood, name="images_introduction"),
    path("videos", videos.page, name="videos"),
    path("videos/films", filming.films, name="films"),
    path("videos/model", videos.model_chosen, name="videos_model"),
    path("videos/models", videos.models, name="film_models"),
    path("videos/settings", videos.settings, name="film_settings"),
    path("videos/quote", videos.quote, name="film_quote"),
    path("videos/introduction", videos.understood, name="videos_introduction"),
    path("videos/<uuid:creation_id>", videos.video, name="video"),
    path("videos/<uuid:creation_id>/state", filming.state, name="film_state"),
    path("videos/<uuid:creation_id>/stop", filming.stop, name="film_stop"),
    path("videos/<uuid:creation_id>/deletion", filming.deletion, name="film_deletion"),
    path("gallery", gallery.page, name="gallery"),
    path("gallery/assets/<uuid:asset_id>", gallery.viewing, name="gallery_asset"),
    path("gallery/assets/<uuid:asset_id>/favourite", gallery.favourite, name="favourite"),
    path("gallery/selection", selections.selection, name="gallery_selection"),
    path("gallery/deletion", selections.deletion, name="gallery_deletion"),
    path("gallery/albums", selections.albums, name="albums"),
    path("gallery/albums/<uuid:album_id>/name", selections.album_name, name="album_name"),
    path(
        "gallery/albums/<uuid:album_id>/deletion", selections.album_deletion, name="album_deletion"
    ),
    path("made-here", made_here.page, name="made_here"),
    path("assets/<uuid:asset_id>", assets.file, name="asset"),
    path("assets/<uuid:asset_id>/thumbnail", assets.thumbnail, name="asset_thumbnail"),
    path("assets/<uuid:asset_id>/download", downloads.download, name="asset_download"),
    path("assets/<uuid:asset_id>/poster", assets.poster, name="asset_poster"),
]
