"""How hard a password is to guess, by the measure of the CNIL.

Recommendation of 21 July 2022 (deliberation no. 2022-100), "mots de passe et autres secrets
partagés": the guessability of a password policy is counted in bits of entropy.

| where                                            | bits | policies that the CNIL names       |
|--------------------------------------------------|-----:|------------------------------------|
| password alone                                   |   80 | 12 characters of four kinds (with  |
|                                                  |      | 37 signs); 14 letters and digits;  |
|                                                  |      | 7 words                            |
| log-in slowed down or blocked after failures: us |   50 | 8 characters of three kinds;       |
|                                                  |      | 16 digits                          |
| own device that locks after three failures       |   13 | 4 digits                           |

Entropy = length × log2(size of the alphabet), alphabets as in the CNIL's calculator: 26 lower
case, 26 upper case, 10 digits, 37 signs. Letters and digits in eight places give 47.6 bits, so we
are stricter there than the CNIL's own example: nine are needed. A phrase of plain words is also
counted by its words, at the 80/7 bits each that "7 words" implies, and the smaller figure holds.

No periodic change is asked for, as the recommendation says. Source of the figures: the CNIL's
page "Mots de passe : une nouvelle recommandation pour maîtriser sa sécurité" (17 October 2022)
and its security guide of 2023, sheet 2, as reported by several law and trade publications.
"""

import itertools
import math
import re
import unicodedata

REQUIRED_BITS = 50

_LOWER, _UPPER, _DIGITS, _SIGNS = 26, 26, 10, 37
_WORD_BITS = 80 / 7
_BETWEEN_WORDS = re.compile(r"[\s\-_.,;:!?'’]+")
# Neighbours on the keyboards that our readers type on; runs along them are no choice.
_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_NEIGHBOURS = {
    pair for row in _ROWS for along in (row, row[::-1]) for pair in itertools.pairwise(along)
}


def entropy_bits(password: str) -> float:
    """Bits that somebody has to guess; repeats and runs ("aaaa", "4567", "azerty") count as one."""
    text = unicodedata.normalize("NFKC", password)
    bits = _choices(text) * math.log2(max(_alphabet(text), 2))
    words = [word for word in _BETWEEN_WORDS.split(text) if word]
    if len(words) > 1 and all(_is_plain(word) for word in words):
        bits = min(bits, len({word.casefold() for word in words}) * _WORD_BITS)
    return bits


def _is_plain(word: str) -> bool:
    """Whether it is written as words are: "KPBzfb", cut out of a secret by its signs, is none."""
    return word.isalpha() and word in {word.lower(), word.upper(), word.capitalize()}


def _alphabet(text: str) -> int:
    """Size of the set of characters that the password draws from."""
    size = 0
    if any(character.islower() or _is_caseless(character) for character in text):
        size += _LOWER
    if any(character.isupper() for character in text):
        size += _UPPER
    if any(character.isdigit() for character in text):
        size += _DIGITS
    if any(not character.isalnum() for character in text):
        size += _SIGNS
    return size


def _is_caseless(character: str) -> bool:
    return character.isalpha() and not character.islower() and not character.isupper()


def _choices(text: str) -> int:
    """Characters that are a choice of their own.

    The third and each further character of a run is foretold by the two before it; a password that
    is one piece repeated ("abcabcabc") is as good as the piece.
    """
    piece = _repeated_piece(text)
    choices = 0
    for place, character in enumerate(piece):
        before = piece[max(0, place - 2) : place]
        if len(before) < 2 or not _follows(before[0], before[1], character):
            choices += 1
    return choices


def _repeated_piece(text: str) -> str:
    place = (text + text).find(text, 1)
    return text[:place] if 0 < place < len(text) else text


def _follows(first: str, second: str, third: str) -> bool:
    first, second, third = first.lower(), second.lower(), third.lower()
    if len(first) != 1 or len(second) != 1 or len(third) != 1:
        return False
    step = ord(second) - ord(first)
    if step in {-1, 0, 1} and ord(third) - ord(second) == step:
        return True
    return (first, second) in _NEIGHBOURS and (second, third) in _NEIGHBOURS
