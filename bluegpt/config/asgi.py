"""The ASGI application: Django, and what lives as long as the process."""

from django.core.asgi import get_asgi_application

from bluegpt.core import settings as core_settings

core_settings.use_django()
_django = get_asgi_application()

from bluegpt.config.bodies import Bounded  # noqa: E402 - its tables exist only after Django
from bluegpt.config.lifespan import Living  # noqa: E402 - the same

application = Living(Bounded(_django))
