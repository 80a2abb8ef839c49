"""Settings that are more than a value."""

import pytest

from bluegpt.core.settings import SettingsError, load

FILE = {"GOOGLE_APPLICATION_CREDENTIALS": "/keys/films.json"}


def test_vertex_is_closed_until_a_file_and_a_project_are_named() -> None:
    for environ in ({}, FILE, {"GOOGLE_CLOUD_PROJECT": "some"}):
        assert not load({"BLUEGPT_ENV": "test"} | environ).providers.vertex.is_open

    vertex = load({"BLUEGPT_ENV": "test", "GOOGLE_CLOUD_PROJECT": "some"} | FILE).providers.vertex

    assert (vertex.is_open, vertex.credentials_file) == (True, "/keys/films.json")


@pytest.mark.parametrize(
    ("location", "base_url"),
    [
        (
            "",
            "https://us-central1-aiplatform.googleapis.com/v1/projects/some/locations/us-central1",
        ),
        (
            "europe-west4",
            "https://europe-west4-aiplatform.googleapis.com/v1/projects/some/locations/europe-west4",
        ),
        ("global", "https://aiplatform.googleapis.com/v1/projects/some/locations/global"),
    ],
)
def test_vertex_is_reached_where_its_location_is(location: str, base_url: str) -> None:
    environ = {"GOOGLE_CLOUD_PROJECT": "some", "GOOGLE_CLOUD_LOCATION": location} | FILE

    assert load({"BLUEGPT_ENV": "test"} | environ).providers.vertex.base_url == base_url


@pytest.mark.parametrize("value", ["../other", "a b", "example.org/", "-", "Ä"])
@pytest.mark.parametrize("name", ["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"])
def test_a_name_that_would_change_the_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({"BLUEGPT_ENV": "test", name: value})


@pytest.mark.parametrize(
    ("value", "names"), [("", ()), (" , ", ()), ("flux", ("flux",)), ("b, a ,b", ("b", "a"))]
)
def test_models_that_draw_are_named_with_commas_each_once(
    value: str, names: tuple[str, ...]
) -> None:
    environ = {"BLUEGPT_ENV": "test", "BLUEGPT_COMPATIBLE_IMAGE_MODELS": value}

    assert load(environ).providers.compatible_image_models == names
