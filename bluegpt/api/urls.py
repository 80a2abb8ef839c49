"""Addresses of the API: those of OpenAI, so that its SDKs need only another base URL."""

from django.urls import path, re_path

from bluegpt.api import completions, doors, listing, pictures, videos

app_name = "api"

urlpatterns = [
    path("chat/completions", completions.chat_completions, name="chat_completions"),
    path("images/generations", pictures.images_generations, name="images_generations"),
    path("images/edits", pictures.images_edits, name="images_edits"),
    path("videos", videos.videos, name="videos"),
    path("videos/<str:video_id>", videos.video, name="video"),
    path("videos/<str:video_id>/content", videos.content, name="video_content"),
    path("models", listing.models, name="models"),
    path("models/<path:model_key>", listing.model, name="model"),
    re_path("", doors.nothing, name="nothing"),
]
