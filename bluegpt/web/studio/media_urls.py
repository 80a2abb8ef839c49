"""Addresses of pictures and films."""

from django.urls import path

from bluegpt.web.studio.views import assets

urlpatterns = [
    path("assets/<uuid:asset_id>", assets.file, name="asset"),
    path("assets/<uuid:asset_id>/thumbnail", assets.thumbnail, name="asset_thumbnail"),
    path("assets/<uuid:asset_id>/poster", assets.poster, name="asset_poster"),
]
