"""Addresses of what a person's credits did, do, and may do."""

from django.urls import path

from bluegpt.web.credits.views import limits, overview, questions, statement

app_name = "credits"

urlpatterns = [
    path("credits", overview.overview, name="overview"),
    path("credits/statement", statement.page, name="statement"),
    path("credits/statement.csv", statement.as_csv, name="statement_csv"),
    path("credits/statement.json", statement.as_json, name="statement_json"),
    path("credits/limits", limits.page, name="limits"),
    path("credits/limits/removal", limits.removal, name="limit_removal"),
    path("credits/questions", questions.listing, name="questions"),
    path("credits/requests/<uuid:hold_id>", questions.request_line, name="request"),
    path("credits/lines/<uuid:group_id>", questions.line, name="line"),
]
