"""A published manifest laid out as a policy: sections of entries, each with its facts.

It is read as it was published, so that any version ever kept can be shown, also one that the
software of today would write otherwise: what a version does not say is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bluegpt.privacy.queries.versions import term
from bluegpt.privacy.queries.words import duration_in_words, trigger_in_words
from bluegpt.web.countries import country_name
from bluegpt.web.privacy import codes
from bluegpt.web.privacy.others import OTHERS
from bluegpt.web.privacy.policy_parts import Entry, Fact, Section
from bluegpt.web.privacy.policy_succession import succession
from bluegpt.web.privacy.policy_texts import text
from bluegpt.web.privacy.rights import RIGHTS

Document = Mapping[str, Any]
_HERE = "operator"


def sections(document: Document) -> tuple[Section, ...]:
    """Everything the policy says, part by part, in the reader's language."""
    makers = (
        _operator,
        _purposes,
        _classes,
        _recipients,
        succession,
        _retention,
        _others,
        _rights,
        _tracers,
        _measures,
        _assessment,
        _legal_watch,
        _contacts,
    )
    return tuple(section for maker in makers if (section := maker(document)).entries)


def essentials(document: Document) -> tuple[Fact, ...]:
    """The short layer: what everybody should know, in a line each."""
    operator = document["operator"]
    content = document["retention"].get("conversations", {})
    places = sorted({_place(each, document) for each in _stated(document)})
    return (
        Fact(name=_("Who answers for it"), value=operator["company"]),
        Fact(name=_("What for"), value=_listed(document["purposes"])),
        Fact(name=_("What we hold"), value=_listed(_personal(document))),
        Fact(
            name=_("Who receives it"),
            value=_(
                "Only the company whose model you choose. It works in one of these "
                "countries: %(places)s."
            )
            % {"places": ", ".join(places)},
        ),
        Fact(
            name=_("How long"),
            value=_("What you write is kept until you delete it, or %(span)s %(after)s.")
            % {
                "span": duration_in_words(term(content.get("duration", "P0D"))),
                "after": trigger_in_words(content.get("trigger", "")),
            },
        ),
        Fact(
            name=_("What never happens"),
            value=_("No advertising, no sale of data, no training of models on what you write."),
        ),
        Fact(name=_("Questions"), value=operator["email"], url=f"mailto:{operator['email']}"),
    )


def _operator(document: Document) -> Section:
    operator = document["operator"]
    named = (
        (_("Legal form"), "legal_form"),
        (_("Capital"), "share_capital"),
        (_("Register"), "register"),
        (_("Seat"), "seat"),
    )
    facts = [Fact(name=name, value=operator[key]) for name, key in named if operator.get(key)]
    facts.append(Fact(name=_("Country"), value=country_name(operator["country"])))
    if operator.get("dpo"):
        facts.append(Fact(name=_("Data protection officer"), value=operator["dpo"]))
    else:
        facts.append(
            Fact(
                name=_("Why there is no data protection officer"),
                value=text(operator.get("dpo_reason")),
            )
        )
    facts.append(
        Fact(
            name=_("Age"),
            value=_("The service is for people of %(age)d years and older.")
            % {"age": operator["age_minimum_years"]},
        )
    )
    return Section(
        id="operator",
        title=_("Who answers for your data"),
        intro=_("The operator decides what your data is used for, and answers for it."),
        entries=(Entry(name=operator["company"], text="", facts=tuple(facts)),),
    )


def _purposes(document: Document) -> Section:
    classes = document["data_classes"]
    entries = []
    for purpose in document["purposes"].values():
        facts = [
            Fact(
                name=text(classes[key]["name"]) if key in classes else key,
                value=_("on the basis of %(basis)s") % {"basis": codes.said(codes.BASES, basis)},
            )
            for key, basis in purpose["bases"].items()
        ]
        facts.append(Fact(name=_("The operator"), value=codes.said(codes.ROLES, purpose["role"])))
        if purpose.get("balancing"):
            facts.append(
                Fact(name=_("Why our interest may prevail"), value=text(purpose["balancing"]))
            )
        entries.append(
            Entry(name=text(purpose["name"]), text=text(purpose["why"]), facts=tuple(facts))
        )
    return Section(
        id="purposes",
        title=_("What your data is used for"),
        intro=_("For these purposes and no others. Each use of data must name one of them."),
        entries=tuple(entries),
    )


def _classes(document: Document) -> Section:
    return Section(
        id="data",
        title=_("What we hold about you"),
        intro=_("Kinds of data, each encrypted or kept apart, each with an end of its own."),
        entries=tuple(
            Entry(
                name=text(each["name"]),
                text=text(each["covers"]),
                facts=(
                    Fact(name=_("Where from"), value=codes.said(codes.ORIGINS, each["origin"])),
                ),
            )
            for each in _personal(document).values()
        ),
    )


def _recipients(document: Document) -> Section:
    return Section(
        id="recipients",
        title=_("Who may receive your messages"),
        intro=_(
            "A message goes to the company whose model you choose, and to nobody else. "
            "You are known there under a random name. Each transmission is on record."
        ),
        entries=tuple(_recipient(each, document) for each in _stated(document)),
    )


def _recipient(facts: Document, document: Document) -> Entry:
    transfer = document["transfers"].get(facts["transfer"], {})
    lines = [
        Fact(name=_("Country"), value=_place(facts, document)),
        Fact(name=_("Ground of the transfer"), value=text(transfer.get("instrument"))),
        Fact(name=_("What it keeps"), value=text(facts["retention"])),
        Fact(name=_("Its part"), value=codes.said(codes.ROLES, facts["role"])),
        Fact(
            name=_("Training"),
            value=_("It may train models on your messages.")
            if facts.get("trains_on_prompts", True)
            else _("It may not train models on your messages."),
        ),
    ]
    if facts.get("terms_url"):
        lines.append(Fact(name=_("Its terms"), value=facts["terms_url"], url=facts["terms_url"]))
    if facts.get("dpa_url"):
        lines.append(Fact(name=_("Agreement"), value=facts["dpa_url"], url=facts["dpa_url"]))
    if facts.get("review_by"):
        lines.append(Fact(name=_("To be reviewed by"), value=str(facts["review_by"])))
    return Entry(name=text(facts["company"]), text="", facts=tuple(lines))


def _retention(document: Document) -> Section:
    entries = []
    for rule in document["retention"].values():
        known = document["data_classes"].get(rule["data_class"], {})
        facts = [Fact(name=_("Source"), value=rule["source"])]
        ceiling = rule.get("ceiling", rule["duration"])
        if ceiling != rule["duration"]:
            facts.insert(0, Fact(name=_("At most"), value=duration_in_words(term(ceiling))))
        entries.append(
            Entry(
                name=_("%(what)s: %(span)s %(after)s")
                % {
                    "what": text(known.get("name")) or rule["data_class"],
                    "span": duration_in_words(term(rule["duration"])),
                    "after": trigger_in_words(rule["trigger"]),
                },
                text=text(rule["why"]),
                facts=tuple(facts),
            )
        )
    entries += _unused(document.get("inactivity"))
    return Section(
        id="retention",
        title=_("How long it is kept"),
        intro=_("Each term starts at a recorded fact. When it has run out, the data is deleted."),
        entries=tuple(entries),
    )


def _unused(chapter: Document | None) -> list[Entry]:
    """What becomes of an account that nobody uses; nothing in the versions that did not say."""
    if chapter is None:
        return []
    notices = _("By mail, at least %(first)s and once more at least %(second)s before.") % {
        "first": duration_in_words(term(chapter["first_notice"])),
        "second": duration_in_words(term(chapter["second_notice"])),
    }
    facts = [
        Fact(name=_("You are told"), value=notices),
        Fact(name=_("What counts as use"), value=_sentences(chapter["uses"])),
        Fact(name=_("What keeps it open"), value=_sentences(chapter["exemptions"])),
        Fact(name=_("Source"), value=chapter["source"]),
    ]
    name = _("An account that nobody uses: closed after %(span)s") % {
        "span": duration_in_words(term(chapter["after"]))
    }
    return [Entry(name=name, text=text(chapter["why"]), facts=tuple(facts))]


def _sentences(texts: Mapping[str, Any]) -> str:
    return " ".join(text(each) for each in texts.values())


def _others(document: Document) -> Section:
    return Section(
        id="others",
        title=_("Data about other people"),
        intro=_("What you write may be about somebody who has not read this page."),
        entries=tuple(Entry(name=str(name), text=str(what)) for name, what in OTHERS),
    )


def _rights(document: Document) -> Section:
    return Section(
        id="rights",
        title=_("Your rights, and how to use them"),
        intro=_(
            "In your account, by mail or by post, free of charge. You are answered "
            "within one month; once, with a reason, it may take two more."
        ),
        entries=tuple(Entry(name=str(name), text=str(how)) for name, how in RIGHTS),
    )


def _tracers(document: Document) -> Section:
    return Section(
        id="tracers",
        title=_("What is stored in your browser"),
        intro=_("This, and nothing else. Anything that is not listed is stripped."),
        entries=tuple(
            Entry(
                name=key,
                text=text(each.get("why") or each.get("purpose") or each.get("text")),
                facts=tuple(_lifetime(each)),
            )
            for key, each in document.get("tracers", {}).items()
            if isinstance(each, Mapping)
        ),
    )


def _lifetime(tracer: Document) -> Iterator[Fact]:
    spans = tracer.get("lifetime")
    if isinstance(spans, str) and spans.startswith("P"):
        yield Fact(name=_("Lives"), value=duration_in_words(term(spans)))


def _measures(document: Document) -> Section:
    return Section(
        id="measures",
        title=_("How it is protected"),
        intro=_("Each measure is probed by the software itself; the results are public."),
        entries=tuple(
            Entry(name=text(each["name"]), text=text(each["what"]))
            for each in document.get("measures", {}).values()
        ),
    )


def _assessment(document: Document) -> Section:
    made = document.get("assessment", {})
    review = made.get("review", {})
    days = tuple(_days({**review, "source": review["method"]})) if review else ()
    return Section(
        id="assessment",
        title=_("What is feared"),
        intro=_("The risks that were weighed, and the day by which they are weighed again."),
        entries=tuple(
            Entry(name=text(each["name"]), text=text(each["impacts"]), facts=days)
            for each in made.get("events", {}).values()
        ),
    )


def _legal_watch(document: Document) -> Section:
    return Section(
        id="legal-watch",
        title=_("Laws we watch"),
        intro=_("What came or may come, and the day by which we look at it again."),
        entries=tuple(
            Entry(name=text(each["law"]), text=text(each["changes"]), facts=tuple(_days(each)))
            for each in document.get("legal_watch", {}).values()
        ),
    )


def _days(law: Document) -> Iterator[Fact]:
    if law.get("assessed_on"):
        yield Fact(name=_("Assessed on"), value=str(law["assessed_on"]))
    if law.get("effective_on"):
        yield Fact(name=_("Takes effect on"), value=str(law["effective_on"]))
    yield Fact(name=_("To be reviewed by"), value=str(law["review_by"]))
    yield Fact(name=_("Source"), value=law["source"])


def _contacts(document: Document) -> Section:
    operator = document["operator"]
    return Section(
        id="contact",
        title=_("Reach us, or complain"),
        intro=_("Write to us in any form. You may complain to the authority at any time."),
        entries=(
            Entry(
                name=operator["company"],
                text="",
                facts=(
                    Fact(
                        name=_("Mail"),
                        value=operator["email"],
                        url=f"mailto:{operator['email']}",
                    ),
                    Fact(name=_("Post"), value=operator["post"]),
                ),
            ),
            Entry(
                name=_("Supervisory authority"),
                text=operator["authority"],
                facts=(
                    Fact(
                        name=_("Complaint"),
                        value=operator["authority_url"],
                        url=operator["authority_url"],
                    ),
                ),
            ),
        ),
    )


def _personal(document: Document) -> Document:
    return {key: each for key, each in document["data_classes"].items() if key != "technical"}


def _stated(document: Document) -> Iterator[Document]:
    """Recipients that somebody has named, each company once: two keys may be one machine."""
    shown = set()
    for facts in document["recipients"].values():
        company = text(facts.get("company"))
        if company and company not in shown:
            shown.add(company)
            yield facts


def _place(facts: Document, document: Document) -> str:
    code = facts["country"]
    return country_name(document["operator"]["country"] if code == _HERE else code)


def _listed(table: Document) -> str:
    return ", ".join(text(each["name"]) for each in table.values())
