"""Addresses of pictures and films."""

from django.urls import path

from bluegpt.web.studio.views import assets, downloads

urlpatterns = [
    path("assets/<uuid:asset_id>", assets.file, name="asset"),
    path("assets/<uuid:asset_id>/thumbnail", assets.thumbnail, name="asset_thumbnail"),
    path("assets/<uuid:asset_id>/download", downloads.download, name="asset_download"),
    path("assets/<uuid:asset_id>/poster", assets.poster, name="asset_poster"),
]
