"""Translations without the gettext binaries: English in the sources, one French catalogue."""
