"""What the probes of the measures find, all together."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries import measures


def probed() -> str:
    """Each measure's probe has just looked, and found it in place. Raises NoEvidence."""
    language = get_language() or "en"
    found = measures.probed()
    failed = [each for each in found if not each.holds]
    if failed:
        raise NoEvidence(
            _("%(failed)d of %(count)d measures are not in place: %(names)s.")
            % {
                "failed": len(failed),
                "count": len(found),
                "names": " ".join(
                    f"{each.measure.name.in_language(language)}: {each.found}" for each in failed
                ).rstrip("."),
            }
        )
    return _("%(count)d measures were probed just now, and each is in place: %(found)s") % {
        "count": len(found),
        "found": " ".join(each.found for each in found),
    }
