"""How passwords are judged and stored."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.accounts.adapters.passwords import EntropyValidator
from bluegpt.accounts.rules.passwords import REQUIRED_BITS, entropy_bits

HASHER = "bluegpt.accounts.adapters.passwords.SmallHostArgon2Hasher"


@pytest.mark.parametrize(
    ("password", "bits"),
    [
        ("Ax3ruy0)", 53.0),  # 99 characters in eight places, as in the CNIL's calculator
        ("k7Rv2mWq", 47.6),  # eight letters and digits: 62^8
        ("k7Rv2mWqX", 53.6),
        ("9274815036284719", 53.2),  # the CNIL's 16 digits
        ("hTq9!zR4#pWm", 79.5),  # the CNIL's 12 characters of all kinds: 80, rounded
        ("kWz8rTq2NvXb5M", 83.4),  # the CNIL's 14 letters and digits
        ("tractor owl plum violin cloud maple seven", 80.0),  # the CNIL's 7 words
        ("tractor owl plum violin cloud", 57.1),
        ("tractor owl plum violin", 45.7),
    ],
)
def test_the_cnil_table_comes_out(password: str, bits: float) -> None:
    assert entropy_bits(password) == pytest.approx(bits, abs=0.1)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "plum",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrstuvwxyz",
        "12345678901234567890",
        "azertyuiopqsdfghjklm",
        "QWERTYUIOPasdfghjkl",
        "Ab1!Ab1!Ab1!Ab1!Ab1!",
        "correct horse battery staple",
        "hello world",
        "plum plum plum plum plum plum plum",
    ],
)
def test_repeats_runs_and_few_words_are_too_easy(password: str) -> None:
    assert entropy_bits(password) < REQUIRED_BITS
    with pytest.raises(ValidationError, match="12 characters"):
        EntropyValidator().validate(password)


@pytest.mark.parametrize(
    "password", ["Plum-7 tractors sing", "hTq9!zR4#pWm", "пять слов и ещё два"]
)
def test_what_the_sentence_recommends_is_accepted(password: str) -> None:
    EntropyValidator().validate(password)

    assert entropy_bits(password) >= REQUIRED_BITS


def test_a_random_secret_is_accepted_though_its_signs_cut_it_into_pieces_of_letters() -> None:
    assert entropy_bits("BDV-KPBzfbSJzOO-OENRYoOjZWdJrmvBEtRJEjWMxFA") >= 2 * REQUIRED_BITS


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_breaks_the_measure(password: str, more: str) -> None:
    assert 0 <= entropy_bits(password) <= 7 * 4 * max(1, len(password)) * 20
    assert entropy_bits(password + more) >= 0


@override_settings(PASSWORD_HASHERS=[HASHER])
def test_a_password_is_stored_as_argon2id_of_19_mebibytes() -> None:
    stored = make_password("Plum-7 tractors sing")

    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("Plum-7 tractors sing", stored)
    assert not check_password("Plum-7 tractors sang", stored)
