"""Which tables a direction about one kind of data speaks of."""

from bluegpt.core.personal_data import DataClass, Erasure, Table


def touches(table: Table, data_class: DataClass) -> bool:
    """Whether rows of this table are first of all of this kind, and can be ended for a person.

    A row holds data of several kinds; the one that its declaration names first decides.
    """
    first = next((each for each in table.claims if each is not DataClass.TECHNICAL), None)
    return bool(table.person_path) and table.erasure is Erasure.DELETE and first is data_class
