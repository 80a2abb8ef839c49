"""Evidence that could not be given."""


class NoEvidence(Exception):
    """What a clause promises is not so right now; the sentence says what was found instead."""
