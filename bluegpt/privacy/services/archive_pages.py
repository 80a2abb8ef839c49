"""The pages of an access archive: to be read offline, without a script, and printed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from bluegpt.core.personal_data import DataClass, Table
from bluegpt.core.portable import Page, Reading, readings
from bluegpt.privacy.queries import rows
from bluegpt.privacy.queries.information import class_name, sources_of
from bluegpt.privacy.queries.labels import label_of

PAGE_ROWS = 200
_PARTS = 100
_PARTS_HERE = mark_safe("<!-- parts -->")

Open = Callable[[str], AbstractContextManager[Callable[[bytes], object]]]
Link = tuple[str, str, str]  # address, name, what stands beside it


class _Site:
    """Where pages go, and what every page shows."""

    def __init__(self, entry: Open, *, person_id: UUID, made_at: datetime) -> None:
        self.entry = entry
        self.person_id = person_id
        self.frame = {"made_at": made_at, "language": (get_language() or "en")[:2]}

    def page(self, path: str, template: str, facts: Mapping[str, Any]) -> None:
        with self.entry(path) as put:
            put(self.rendered(template, facts))

    def rendered(self, template: str, facts: Mapping[str, Any]) -> bytes:
        text = render_to_string(f"privacy/archive/{template}", {**self.frame, **facts})
        return text.encode()


def write(
    entry: Open,
    *,
    person_id: UUID,
    made_at: datetime,
    told: Mapping[str, Any],
    counts: Mapping[str, int],
) -> None:
    """Every page, the first one last: it links to the others."""
    site = _Site(entry, person_id=person_id, made_at=made_at)
    chapters: list[tuple[str, list[Link]]] = []
    covered: set[str] = set()
    for reading in readings():
        covered |= set(reading.covers)
        chapters.append((str(reading.name), list(_reading(site, reading))))
    tables = [table for table in rows.archived_tables() if counts[table.model]]
    for data_class in DataClass:
        mine = [
            table
            for table in tables
            if table.model not in covered and _class_of(table) is data_class
        ]
        links = [_table(site, table, counts[table.model]) for table in mine]
        if links:
            chapters.append((class_name(data_class), links))
    site.page("index.html", "index.html", {"told": told, "chapters": chapters, "up": ""})
    site.page("style.css", "style.css", {})


def _class_of(table: Table) -> DataClass:
    """The class under which a table stands in the contents: its first one."""
    return next(iter(table.claims))


def _reading(site: _Site, reading: Reading) -> Iterator[Link]:
    for page in reading.pages(site.person_id):
        path = f"pages/{reading.key}/{page.key}.html"
        _long_page(site, path, page)
        yield path, page.title or gettext("Without a title"), f"{page.at:%Y-%m-%d}"


def _long_page(site: _Site, path: str, page: Page) -> None:
    """Written part by part: a conversation has no last page."""
    parts = page.parts()
    facts = {"page": page, "title": page.title, "up": "../../", "parts_here": _PARTS_HERE}
    head, _here, foot = site.rendered("thread.html", facts).rpartition(_PARTS_HERE.encode())
    with site.entry(path) as put:
        put(head)
        while some := list(islice(parts, _PARTS)):
            put(site.rendered("thread_parts.html", {"parts": some, "up": "../../"}))
        put(foot)


def _table(site: _Site, table: Table, count: int) -> Link:
    """The table's rows, `PAGE_ROWS` to a page; the link to the first."""
    columns = [(key, label_of(table, attname)) for attname, key in rows.columns_of(table).items()]
    name = table.model.lower()
    paths = [f"{name}-{number + 1}.html" for number in range(-(-count // PAGE_ROWS))]
    mine = rows.rows(table, site.person_id)
    sources = sorted(set(sources_of(table).values()))
    for number, path in enumerate(paths):
        some = list(islice(mine, PAGE_ROWS))
        facts = {
            "title": table.name,
            "sources": sources,
            "rows": [[(label, row.values[key]) for key, label in columns] for row in some],
            "number": number + 1,
            "count": len(paths),
            "before": paths[number - 1] if number else "",
            "after": paths[number + 1] if number + 1 < len(paths) else "",
            "up": "../",
        }
        site.page(f"pages/{path}", "table.html", facts)
    return f"pages/{paths[0]}", str(table.name), str(count)
