"""Closing an answer whose maker is gone, by what its last checkpoint says."""

from uuid import UUID

from django.db.models.functions import Now

from bluegpt.core.writing import written
from bluegpt.providers.errors import UnknownModel
from bluegpt.providers.queries import catalogue
from bluegpt.studio.models import Call, Creation
from bluegpt.studio.queries.calls import usage_of, view_of
from bluegpt.studio.rules.file_keys import keys_of
from bluegpt.studio.rules.pricing import cost_nanousd
from bluegpt.studio.services.answers import Ending, end
from bluegpt.studio.services.conversations import delete_files_soon
from bluegpt.studio.types.calls import CallState, CallView
from bluegpt.studio.types.media import Kind


@written
def interrupt(*, call_id: UUID) -> CallView:
    """Mark a dead answer interrupted; charge the checkpointed usage, or nothing without output.

    An answer that came back to life in the meantime is left alone.
    """
    call = Call.objects.select_for_update().get(id=call_id)
    is_dead = Call.objects.filter(id=call_id, lease_until__lt=Now()).exists()
    if call.state != CallState.LIVE or not is_dead:
        return view_of(call)
    has_output = call.output_tokens > 0
    ending = Ending(
        state=CallState.INTERRUPTED,
        finish=None,
        error_code="",
        is_chargeable=has_output,
        cost_nanousd=_cost(call) if has_output else 0,
    )
    _remove_what_it_stored(call_id)
    return end(call_id=call_id, ending=ending, progress=None)


def _remove_what_it_stored(call_id: UUID) -> None:
    """Pictures that a dead process had sealed, and not come to settle: nobody paid for them."""
    creation = Creation.objects.filter(call_id=call_id, kind=Kind.PICTURE).first()
    if creation is not None:
        delete_files_soon(keys_of(creation.id, number=int(creation.settings["number"])))


def _cost(call: Call) -> int:
    """The provider's bill at today's price; zero for a model that has left the catalogue."""
    try:
        model = catalogue.model(call.model_key)
    except UnknownModel:
        return 0
    return cost_nanousd(model, usage_of(call))
