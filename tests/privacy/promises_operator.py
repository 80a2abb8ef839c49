"""Where the operator is and whom they answer to, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.rules.linting import placeholders
from bluegpt.privacy.types.manifest import Manifest

# The country, the authority that it makes competent, and from which age one may sign up.
OPERATOR = ("FR", "https://www.cnil.fr/fr/plaintes", 15)


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about the operator that this policy does not keep."""
    operator = policy.operator
    if (operator.country, operator.authority_url, operator.age_minimum_years) != OPERATOR:
        yield "operator"
    if len(placeholders(operator)) != 8:
        yield "placeholders"
