"""Which pages are shown in ``docs/screenshots.md``: who opens each, and how it is come to."""

from dataclasses import dataclass

AUTHOR = "author"  # who holds a code; the others are sign-in names of the demonstration
ROW = ".rows .row>a"  # the first line of a list


@dataclass(frozen=True)
class Screen:
    """One page; ``follow`` are the links to take from ``path``, each the first that it names."""

    name: str
    title: str
    what: str
    who: str
    path: str
    follow: tuple[str, ...] = ()


SCREENS = (
    Screen(
        "service",
        "A service's page",
        "Anybody: three faces, a text, Send.",
        "",
        "/s/mes-remboursements",
    ),
    Screen(
        "author",
        "The author's page",
        "Behind the code: what happened, the exchange, where I stand.",
        AUTHOR,
        "/suivi/retour",
    ),
    Screen(
        "board",
        "The public board",
        "What was said, promised, changed and checked.",
        "",
        "/s/mes-remboursements/ce-qui-change",
    ),
    Screen(
        "public-record",
        "From the idea to the effect",
        "The public co-construction record.",
        "",
        "/s/demarches-simples/registre",
    ),
    Screen(
        "inbox",
        "The inbox",
        "A team: what asks for a decision, who waits how long.",
        "equipe",
        "/equipe",
    ),
    Screen(
        "thread",
        "A message",
        "The thread, the answer with its draft and preview, what happened.",
        "equipe",
        "/equipe",
        (".list .row>a",),
    ),
    Screen(
        "commitments",
        "Commitments",
        "How far each date is; announce, drop.",
        "equipe",
        "/equipe/engagements",
    ),
    Screen(
        "record",
        "The team's record",
        "Nine steps of each proposal, and the acts that fill what is missing.",
        "equipe",
        "/equipe/registre/demarches-simples",
    ),
    Screen(
        "themes",
        "Themes",
        "What retours speak of, their size and movement.",
        "equipe",
        "/equipe/themes",
    ),
    Screen(
        "theme",
        "One theme",
        "Trend, words, typical messages, where they came from.",
        "equipe",
        "/equipe/themes",
        (".row--theme>a",),
    ),
    Screen(
        "moderation",
        "The moderation queue",
        "Messages, announcements and reports that wait; figures of the queue.",
        "moderation",
        "/equipe/moderation",
    ),
    Screen(
        "moderation-item",
        "A held message",
        "Suggested rules, masked spans, the decision with its reason.",
        "moderation",
        "/equipe/moderation",
        (ROW,),
    ),
    Screen(
        "signal",
        "A signal",
        "An expert: observed against expected, evidence, messages.",
        "expert",
        "/equipe/signaux",
        (ROW,),
    ),
    Screen(
        "evaluations",
        "Evaluations",
        "The same questions here and in other instances.",
        "relais",
        "/equipe/evaluations",
    ),
    Screen(
        "territory",
        "A territory",
        "A relay: the services above the floor, visits and sessions.",
        "relais",
        "/equipe/territoire",
    ),
    Screen(
        "console",
        "The console of a workshop",
        "A facilitator: phases, timer, grouping.",
        "animation",
        "/equipe/ateliers",
        (ROW,),
    ),
    Screen(
        "projector",
        "The screen of the room",
        "Code, cards without names.",
        "animation",
        "/equipe/ateliers",
        (ROW, "a[href$='/ecran']"),
    ),
)
