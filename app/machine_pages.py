"""The pages that show what a machine made: they all say so, and that a person decides.

Themes, signals, watches, proposed groups, levels and reasons that a rule suggests. A test walks the
site and finds the pages that are missing here.
"""

MACHINE_PAGES = frozenset(
    {
        "desk.inbox",
        "digests.edition",
        "digests.keyed_edition",
        "digests.preview",
        "feedback.follow",
        "feedback.told_signals",
        "feedback_desk.commitment",
        "feedback_desk.commitments",
        "feedback_desk.thread",
        "known_effects.of_service",
        "moderation.item",
        "moderation.queue",
        "privacy.mine",
        "record.board",
        "record.registry",
        "routing.door",
        "routing.report",
        "subjects.index",
        "subjects.subject",
        "theme_edits.arrange",
        "theme_edits.choose",
        "themes.answer_all",
        "themes.index",
        "themes.on_a_map",
        "themes.theme",
        "themes.two_periods",
        "themes.why",
        "themes.why_theme",
        "themes.without_theme",
        "vigilance.signal",
        "vigilance.signals",
        "watches.ask",
        "watches.index",
        "watches.watch",
        "workshops_desk.console",
    }
)
