"""Account data stand in the class whose retention they follow."""

from bluegpt.accounts import personal_data  # noqa: F401 - the declarations themselves
from bluegpt.core.personal_data import DataClass, declared

_TABLES = {table.model: table for table in declared()}


def test_where_somebody_connected_from_is_connection_data_and_nothing_else() -> None:
    claims = _TABLES["usersessions.UserSession"].claims

    assert {"ip", "user_agent"} <= set(claims[DataClass.CONNECTION])
    assert "ip" not in claims[DataClass.SECURITY]


def test_what_opens_an_account_is_security_data() -> None:
    assert "session_key" in _TABLES["usersessions.UserSession"].claims[DataClass.SECURITY]
    assert "data" in _TABLES["mfa.Authenticator"].claims[DataClass.SECURITY]
