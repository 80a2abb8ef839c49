"""What a command says instead of doing it."""


class Complaint(Exception):
    """One sentence for the operator: what is wrong, and what to do about it."""

    def __init__(self, sentence: str, *, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
