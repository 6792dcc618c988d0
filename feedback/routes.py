"""The way from a subject to a theme of one service, after what people merged, split and kept.

Pure: works on the rows of ``feedback/picture.py`` and changes none.
"""

from collections import defaultdict
from dataclasses import replace

from feedback.picture import Picture, ThemeRow


class Routes:
    """Where each subject leads in each service, and which themes stand alone."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self._parts: dict[str, list[ThemeRow]] = defaultdict(list)
        self._direct: dict[tuple[int, str], ThemeRow] = {}
        for theme in picture.themes.values():
            if theme.split_from:
                self._parts[theme.split_from].append(theme)
            if theme.subject_id:
                self._direct[theme.service_id, theme.subject_id] = theme
        self.owners: dict[str, list[str]] = defaultdict(list)  # subjects that lead to a theme
        for (service, subject), _theme in sorted(self._direct.items()):
            if picture.lasting_subject(subject) == subject:
                for each in self.options(service, subject):
                    self.owners[each.id].append(subject)

    def direct(self, service: int, subject: str) -> ThemeRow | None:
        """Return the theme that a subject has in a service, merged or ended as it may be."""
        return self._direct.get((service, subject))

    def last(self, theme: ThemeRow) -> ThemeRow:
        """Return what ``theme`` was merged into in the end: itself when it was not."""
        seen: set[str] = set()
        while theme.merged_into in self.picture.themes and theme.id not in seen:
            seen.add(theme.id)
            theme = self.picture.themes[theme.merged_into]
        return theme

    def options(self, service: int, subject: str) -> list[ThemeRow]:
        """Return the standing themes among which the subject's segments choose, its own first."""
        start = self.direct(service, subject)
        if start is None:
            return []
        chain, theme = [start], start
        last = self.last(start)
        while theme.id != last.id:
            theme = self.picture.themes[theme.merged_into or last.id]
            chain.append(theme)
        found: dict[str, ThemeRow] = {} if last.ended else {last.id: last}
        pending = chain
        seen: set[str] = set()
        while pending:
            each = pending.pop(0)
            if each.id in seen:
                continue
            seen.add(each.id)
            for part in self._parts[each.id]:
                if part.ended is None and part.merged_into is None:
                    found[part.id] = part
                    pending.append(part)
        return list(found.values())

    def orphans(self) -> list[ThemeRow]:
        """Return the standing themes that no standing subject leads to."""
        every = self.picture.themes.values()
        return [t for t in every if t.ended is None and not self.owners.get(t.id)]

    def standing(self, theme_id: str | None) -> str | None:
        """Return the theme that holds what was put into ``theme_id``; None when it has ended."""
        if theme_id not in self.picture.themes:
            return None
        last = self.last(self.picture.themes[theme_id])
        return None if last.ended else last.id


def copied(picture: Picture) -> Picture:
    """Return ``picture`` with rows of its own, to be planned on.

    Where experts merged subjects, the themes follow and keep their names: alone in its service, a
    theme becomes the other subject's; beside one of that subject, a part of it.
    """
    subjects = {each: replace(row) for each, row in picture.subjects.items()}
    themes = {each: replace(row) for each, row in picture.themes.items()}
    copy = replace(picture, subjects=subjects, themes=themes)
    taken = {(theme.service_id, theme.subject_id): theme for theme in themes.values()}
    for theme in themes.values():
        subject = subjects.get(theme.subject_id or "")
        target = copy.lasting_subject(subject.id) if subject and subject.merged_into else None
        if target is None:
            continue
        other = taken.setdefault((theme.service_id, target), theme)
        if other is theme:
            theme.subject_id = target
        elif theme.ended is None and theme.split_from is None:
            theme.split_from = other.id
    return copy
