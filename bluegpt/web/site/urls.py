"""Pages that belong to no product."""

from django.urls import path
from django.views.generic import RedirectView

from bluegpt.web.site import journal, views

app_name = "site"

urlpatterns = [
    path("", views.home, name="home"),
    path("credits/journal", journal.journal, name="journal"),
    path("style-guide", views.style_guide, name="style_guide"),
    path("preferences/theme", views.theme, name="theme"),
    path("preferences/language", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/mark.svg"), name="favicon"),
]
