"""The checks of the books, one file per subject."""
