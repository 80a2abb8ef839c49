"""Every address of the site, and who answers there."""

from django.urls import include, path

urlpatterns = [
    path("", include("bluegpt.web.site.urls")),
    path("", include("bluegpt.web.credits.urls")),
    path("", include("bluegpt.web.studio.urls")),
    path("", include("bluegpt.web.accounts.urls")),
    path("", include("bluegpt.web.privacy.urls")),
    path("account/", include("allauth.urls")),
    path("staff/", include("bluegpt.backoffice.urls")),
    path("v1/", include("bluegpt.api.urls")),
    path("health/", include("bluegpt.ops.urls")),
]

handler400 = "bluegpt.web.errors.bad_request"
handler403 = "bluegpt.web.errors.forbidden"
handler404 = "bluegpt.web.errors.not_found"
handler500 = "bluegpt.web.errors.server_error"
