"""What studio does when something happened below."""

from bluegpt.core.events import listen
from bluegpt.credits.events import DoubtEnded
from bluegpt.studio.services.answers import know_cost


@listen(DoubtEnded)
def show_the_cost(event: DoubtEnded) -> None:
    """An answer whose cost was being checked shows what it did cost."""
    know_cost(call_id=event.hold_id)
