"""What codes, meters and models of the ledger are called on the pages."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bluegpt.credits.types import Meter, StatementLine, TransferCode
from bluegpt.providers.queries import catalogue

_CODES: dict[str, str | Promise] = {
    TransferCode.GRANT: gettext_lazy("Credits received"),
    TransferCode.EXPIRY: gettext_lazy("Expired"),
    TransferCode.CORRECTION: gettext_lazy("Correction"),
    TransferCode.CLAWBACK: gettext_lazy("Taken back"),
    TransferCode.REPAYMENT: gettext_lazy("Debt paid"),
}
_PRODUCTS: dict[str, str | Promise] = {
    "chat": gettext_lazy("Answer"),
    "image": gettext_lazy("Image"),
    "video": gettext_lazy("Video"),
}
# Where several meters add up, each is named alone: "Input 1,200".
_METERS: dict[Meter, str | Promise] = {
    Meter.INPUT: pgettext_lazy("tokens", "Input"),
    Meter.CACHED_INPUT: pgettext_lazy("tokens", "Cached input"),
    Meter.CACHE_WRITE: pgettext_lazy("tokens", "Written to the cache"),
    Meter.CACHE_WRITE_LONG: pgettext_lazy("tokens", "Written to the cache for an hour"),
    Meter.OUTPUT: pgettext_lazy("tokens", "Output"),
    Meter.REASONING: pgettext_lazy("tokens", "Reasoning"),
    Meter.IMAGE_INPUT: pgettext_lazy("tokens", "Image input"),
    Meter.IMAGE_OUTPUT: pgettext_lazy("tokens", "Image output"),
    Meter.AUDIO_INPUT: pgettext_lazy("tokens", "Audio input"),
    Meter.AUDIO_OUTPUT: pgettext_lazy("tokens", "Audio output"),
    Meter.IMAGE: gettext_lazy("Images"),
    Meter.VIDEO_SECOND: gettext_lazy("Seconds of video"),
    Meter.TOOL_CALL: gettext_lazy("Tool calls"),
    Meter.SEARCH: gettext_lazy("Searches"),
}
_TOTALS: dict[TransferCode, str | Promise] = {
    TransferCode.GRANT: gettext_lazy("Received"),
    TransferCode.USAGE: gettext_lazy("Used"),
    TransferCode.EXPIRY: gettext_lazy("Expired"),
    TransferCode.CORRECTION: gettext_lazy("Corrections"),
    TransferCode.CLAWBACK: gettext_lazy("Taken back"),
    TransferCode.REPAYMENT: gettext_lazy("Debt paid"),
}


def model_names() -> Mapping[str, str]:
    """Names of models by SKU; one that is not in the catalogue any more has none."""
    return {sku: model.display_name for model in catalogue.models() for sku, _rates in model.skus}


def what(line: StatementLine) -> str:
    """What a movement is, in a word or two."""
    if line.code == TransferCode.USAGE:
        return product(line.product)
    return str(_CODES.get(line.code, line.code))


def product(name: str) -> str:
    """What a call makes."""
    return str(_PRODUCTS.get(name, _("Call")))


def meter(name: Meter) -> str:
    """What a quantity counts."""
    return str(_METERS.get(name, name.value))


def sums(totals: Mapping[TransferCode, int]) -> Iterable[tuple[str, int]]:
    """Names and microcredits of what moved a balance."""
    return [(str(_TOTALS.get(code, code.value)), amount) for code, amount in totals.items()]
