"""Secrets of second factors are sealed under their owner's key."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from bluegpt.accounts.adapters.factors import FactorAdapter
from bluegpt.accounts.models import Person
from bluegpt.accounts.queries.factors import factors
from bluegpt.accounts.services import factors as services
from bluegpt.core.personal_data import DataClass
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services.seal import destroy_keys
from tests.accounts.conftest import NewPerson

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.both_databases,
]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def stored(person: Person) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY id")
        return json.dumps(cursor.fetchall())


def test_an_authenticator_secret_is_stored_sealed_and_opens(person: Person) -> None:
    TOTP.activate(person, SECRET)

    assert SECRET not in stored(person)
    row = Authenticator.objects.get(user=person)
    assert FactorAdapter().decrypt(row.data["secret"]) == SECRET


def test_recovery_codes_stay_the_same_sealed_and_work_once(person: Person) -> None:
    fresh = RecoveryCodes.activate(person)
    codes = fresh.get_unused_codes()
    row = Authenticator.objects.get(user=person)
    loaded = row.wrap()

    assert loaded.get_unused_codes() == codes
    assert loaded.validate_code(codes[3])
    assert not Authenticator.objects.get(user=person).wrap().validate_code(codes[3])
    assert factors(person.id).recovery_codes_left == 9
    assert not [code for code in codes if code in stored(person)]


def test_saving_a_loaded_row_again_keeps_it_sealed(person: Person) -> None:
    TOTP.activate(person, SECRET)
    before = stored(person)

    Authenticator.objects.get(user=person).record_usage()
    row = Authenticator.objects.get(user=person)
    row.save()
    row.refresh_from_db()

    assert stored(person) == before
    assert FactorAdapter().decrypt(row.data["secret"]) == SECRET


def test_a_sealed_secret_opens_in_its_own_row_only(person: Person, new_person: NewPerson) -> None:
    TOTP.activate(person, SECRET)
    stranger = new_person("eve@example.org")
    sealed = str(Authenticator.objects.get(user=person).data["secret"])
    Authenticator.objects.create(user=stranger, type="totp", data={"secret": sealed})
    Authenticator.objects.create(
        user=person, type="recovery_codes", data={"seed": sealed, "used_mask": 0}
    )

    with pytest.raises(CannotOpen):
        Authenticator.objects.get(user=stranger).wrap().validate_code("123456")
    with pytest.raises(CannotOpen):
        Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def test_a_secret_that_nobody_sealed_cannot_be_saved(person: Person) -> None:
    row = Authenticator(user=person, type="totp", data={})
    row.save()
    clear = {"secret": FactorAdapter().encrypt(SECRET)}

    with pytest.raises(TypeError), transaction.atomic():
        Authenticator.objects.filter(pk=row.pk).update(data=clear)
    with pytest.raises(TypeError), transaction.atomic():
        Authenticator.objects.bulk_create([Authenticator(user=person, type="x", data=clear)])
    with pytest.raises(TypeError):
        FactorAdapter().decrypt(SECRET)


def test_with_the_key_the_secret_is_gone(person: Person) -> None:
    TOTP.activate(person, SECRET)

    destroy_keys(person_id=person.id, data_class=DataClass.SECURITY)

    with pytest.raises(CannotOpen):
        Authenticator.objects.get(user=person).wrap().validate_code("123456")


def test_a_secret_on_the_screen_waits_sealed_in_the_session(
    person: Person, new_person: NewPerson
) -> None:
    session = SessionStore()
    secret = services.new_secret(session, person_id=person.id)

    assert secret not in str(dict(session.items()))
    assert services.shown_secret(session, person_id=person.id) == secret
    assert services.new_secret(session, person_id=person.id) != secret
    with pytest.raises(CannotOpen):
        services.shown_secret(session, person_id=new_person("eve@example.org").id)


def test_the_list_of_factors_opens_nothing(person: Person) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    destroy_keys(person_id=person.id, data_class=DataClass.SECURITY)

    facts = factors(person.id)

    assert facts.has_authenticator_app
    assert facts.passkeys == 0
    assert facts.recovery_codes_left == 10
