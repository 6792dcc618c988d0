"""The sentences of the editions of experts, facilitators and relays: stored content and titles."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.digest_items import Content, Item, Section, capped
from app.proposal_lines import Titles
from app.said import as_said, together
from app.subscriptions import Audience
from app.team_words import signal_words
from app.web import written_day
from feedback.models import TO_EXAMINE
from feedback.signal_words import STATE_NAMES
from workshops.proposals import STATE_NAMES as PROPOSAL_NAMES


def role_title(audience: str, content: Content) -> str:
    """Return the title of an edition: a sentence that says what there is."""
    if audience == Audience.EXPERT:
        return _expert_title(content)
    if audience == Audience.FACILITATOR:
        return str(_("Vos ateliers et ce qu’ils deviennent"))
    return str(_("Ce qu’on dit et fait près de vous"))


def _expert_title(content: Content) -> str:
    waiting = sum(line["state"] in TO_EXAMINE for line in content["signals"])
    if not waiting:
        return str(_("Aucun signal n’attend d’examen"))
    return ngettext(
        "%(num)d signal attend un examen", "%(num)d signaux attendent un examen", waiting
    )


def role_sections(audience: str, content: Content, titles: Titles | None = None) -> list[Section]:
    """Return what the edition says, the most pressing first.

    Args:
        titles: of proposals and sessions, by id: an edition keeps none.
    """
    if audience == Audience.FACILITATOR:
        found = _facilitator_sections(content, titles or {})
        return [section for section in found if section.items]
    write = {
        Audience.EXPERT.value: _expert_sections,
        Audience.TERRITORY.value: _territory_sections,
    }[audience]
    return [section for section in write(content) if section.items]


def _expert_sections(content: Content) -> list[Section]:
    more = Item(endpoint="vigilance.signals", label=_("Tous les signaux"))
    waiting = [line for line in content["signals"] if line["state"] in TO_EXAMINE]
    moved = [line for line in content["signals"] if line["moved"] and line not in waiting]
    rest = [line for line in content["signals"] if line not in waiting and line not in moved]
    return [
        Section(_("À examiner"), capped(list(map(_signal, waiting)), more), numbered=True),
        Section(_("Décidés dans la période"), capped(list(map(_signal, moved)), more)),
        Section(_("Encore suivis"), capped(list(map(_signal, rest)), more)),
        Section(_("Par état"), _states(content["states"], STATE_NAMES)),
    ]


def _signal(line: Content) -> Item:
    new = _("Nouveau.") if line["new"] else ""
    state = str(STATE_NAMES[line["state"]]).capitalize() + "."
    said = as_said(line["sentence"]) or signal_words(line)
    where = _of(line["service"]) if line["service"] else _("(tous les services)")
    lead = " ".join(part for part in (new, state) if part)
    words = together((said, where), " ")
    return Item(lead, words, "", "vigilance.signal", {"signal_id": line["id"]}, _("Voir"))


def _states(states: dict[str, int], names: object) -> list[Item]:
    counts = [f"{names[state]} : {count}" for state, count in states.items()]  # type: ignore[index]
    return [Item(words=", ".join(counts))] if counts else []


def _facilitator_sections(content: Content, titles: Titles) -> list[Section]:
    more = Item(endpoint="workshops_desk.index", label=_("Tous les ateliers"))
    running, held = (
        [_session(each, titles) for each in content[name] if each["id"] in titles]
        for name in ("open", "sessions")
    )
    late = [_proposal(each, titles, late=True) for each in content["late"] if each["id"] in titles]
    answered = [_proposal(each, titles) for each in content["answered"] if each["id"] in titles]
    return [
        Section(
            _("Sans réponse, en retard"),
            capped(late, more),
            numbered=True,
        ),
        Section(_("Encore ouverts"), capped(running, more)),
        Section(_("Vos ateliers de la période"), capped(held, more)),
        Section(_("Réponses des équipes"), capped(answered, more)),
        Section(_("Toutes vos propositions"), _states(content["states"], PROPOSAL_NAMES)),
    ]


def _session(line: Content, titles: Titles) -> Item:
    made = ngettext("%(num)d proposition.", "%(num)d propositions.", line["proposals"])
    parts = [_of(line["service"]), written_day(line["day"], "d MMMM") + ".", made]
    if line["heads"]:
        heads = ngettext("%(num)d participant.", "%(num)d participants.", line["heads"])
        parts.insert(2, heads)
    endpoint = "workshops_desk.report" if line["closed"] else "workshops_desk.console"
    link = {"workshop_id": line["id"]}
    lead = _("« %(title)s ».", title=as_said(titles[line["id"]]))
    return Item(lead, together(tuple(parts), " "), "", endpoint, link, _("Ouvrir"))


def _proposal(line: Content, titles: Titles, late: bool = False) -> Item:
    lead = _("« %(title)s ».", title=as_said(titles[line["id"]]))
    state = str(PROPOSAL_NAMES[line["state"]]) + "."
    day = written_day(line["due"], "d MMMM")
    said = _("Réponse due le %(day)s.", day=day) if late else state
    link = {"workshop_id": line["workshop_id"]}
    words = together((said, _of(line["service"])), " ")
    ring = "read" if late else "answered"
    return Item(lead, words, ring, "workshops_desk.report", link, _("Voir"))


def _territory_sections(content: Content) -> list[Section]:
    more = Item(endpoint="territory.index", label=_("Tous les services"))
    lines = sorted(content["services"], key=lambda line: -(line["retours"] or 0))
    return [
        Section(_("Vos services"), capped(list(map(_service, lines)), more)),
        Section(_("Effets inattendus"), capped(list(map(_effect, content["signals"])), more)),
    ]


def _service(line: Content) -> Item:
    if line["retours"] is None:
        parts = [_("Trop peu de retours pour un nombre.")]
    else:
        parts = [ngettext("%(num)d retour.", "%(num)d retours.", line["retours"])]
    if line["answers"]:
        parts.append(
            ngettext("%(num)d réponse envoyée.", "%(num)d réponses envoyées.", line["answers"])
        )
    parts += _steps(line)
    lead, link = as_said(line["name"]), {"slug": line["slug"]}
    return Item(lead, " ".join(parts), "", "record.board", link, _("Voir ce qui a été promis"))


def _steps(line: Content) -> list[str]:
    """Return how many promises stand at each step; public one by one, so their sum is."""
    promised, announced, confirmed = line["promised"], line["announced"], line["confirmed"]
    words = (
        ngettext("%(num)d engagement à tenir.", "%(num)d engagements à tenir.", promised),
        ngettext("%(num)d changement à vérifier.", "%(num)d changements à vérifier.", announced),
        ngettext("%(num)d changement confirmé.", "%(num)d changements confirmés.", confirmed),
    )
    counts = (promised, announced, confirmed)
    return [said for said, count in zip(words, counts, strict=True) if count]


def _of(service: str) -> str:
    """Return the name of a service in brackets."""
    return _("(%(service)s)", service=as_said(service))


def _effect(line: Content) -> Item:
    link = {"slug": line["slug"]}
    words = together((as_said(line["sentence"]), _of(line["service"])), " ")
    return Item("", words, "", "feedback.told_signals", link, _("Voir"))
