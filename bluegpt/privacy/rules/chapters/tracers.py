"""The chapter on tracers, read."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.tracers import (
    BrowserHelp,
    SameSite,
    Tracer,
    TracerCategory,
    TracerKind,
    Tracers,
)


def read(block: Block) -> Tracers:
    """Understand the chapter; what is wrong becomes a finding."""
    items = {each.key: _tracer(each) for each in block.inner("items").tables()}
    browsers = {each.key: _browser(each) for each in block.inner("browsers").tables()}
    block.close()
    return Tracers(items=MappingProxyType(items), browsers=MappingProxyType(browsers))


def _tracer(block: Block) -> Tracer:
    tracer = Tracer(
        name=block.key,
        kind=block.choice("kind", TracerKind, refusals={}),
        category=block.choice("category", TracerCategory, refusals={}),
        purpose=block.words("purpose"),
        does=block.text("does"),
        lifetime=block.made("lifetime", duration, Duration()),
        same_site=block.choice("same_site", SameSite, refusals={"none": _NONE_REFUSED}),
        exempt=block.optional_text("exempt"),
        hosts=block.optional_word_list("hosts"),
    )
    block.close()
    return tracer


_NONE_REFUSED = "a tracer is read by this site alone"


def _browser(block: Block) -> BrowserHelp:
    browser = BrowserHelp(key=block.key, name=block.words("name"), url=block.words("url"))
    block.close()
    return browser
