"""The diary of a trial: short questions that the panel answers with its codes, day after day.

Entries are masked; who reads them sees questions and days, never which entries are of one hand.
"""

from datetime import date, timedelta

from sqlalchemy import delete, select

from app.db import db
from nlp.redact import NameFinder, redact
from workshops.around_models import KeptCode
from workshops.models import Workshop
from workshops.process_models import DiaryEntry, PanelSeat, Process, Trial

LONGEST_ENTRY = 500  # characters
MOST_A_DAY = 20  # entries of one code
MOST_PROMPTS = 5
LONGEST_TRIAL = timedelta(days=366)
KEPT = timedelta(days=730)  # after the trial's end, as a session


class TrialOver(Exception):
    """The trial has not begun, or is over."""


class EmptyEntry(Exception):
    """Nothing was written."""


class EntryTooLong(Exception):
    """An answer is longer than a few words."""


class TooManyEntries(Exception):
    """This code has written as much as a day takes."""


def create(process: Process, title: str, starts: date, ends: date, prompts: list[str]) -> Trial:
    """Return a new trial of ``process``."""
    trial = Trial(process_id=process.id, title=title, starts=starts, ends=ends, prompts=prompts)
    db.session.add(trial)
    db.session.flush()
    return trial


def processes_of(kept: KeptCode) -> set[str]:
    """Return the ids of the processes that the holder of a code took part in."""
    seats = select(PanelSeat.workshop_id).where(PanelSeat.code_id == kept.id)
    own = (Workshop.id == kept.workshop_id) | Workshop.id.in_(seats)
    found = db.session.scalars(select(Workshop.process_id).where(own))
    return {each for each in found if each}


def trials_for(kept: KeptCode, day: date) -> list[Trial]:
    """Return the trials that a code may write in on ``day``."""
    ours = Trial.process_id.in_(processes_of(kept))
    query = select(Trial).where(ours, Trial.starts <= day, Trial.ends >= day)
    return list(db.session.scalars(query.order_by(Trial.ends, Trial.title)))


def trial_for(kept: KeptCode, trial_id: str) -> Trial | None:
    """Return the trial if the code's holder is of its panel, else None."""
    trial = db.session.get(Trial, trial_id)
    return trial if trial and trial.process_id in processes_of(kept) else None


def own_entries(kept: KeptCode) -> list[tuple[Trial, DiaryEntry]]:
    """Return what a code's holder wrote, the newest day first."""
    query = select(Trial, DiaryEntry).join(DiaryEntry, DiaryEntry.trial_id == Trial.id)
    mine = query.where(DiaryEntry.code_id == kept.id)
    found = db.session.execute(mine.order_by(DiaryEntry.day.desc(), DiaryEntry.prompt))
    return [(trial, entry) for trial, entry in found]


def write(
    trial: Trial, kept: KeptCode, answers: dict[int, str], day: date, names: NameFinder | None
) -> int:
    """Keep the answers of one day, masked; the same words again the same day are kept once.

    Returns how many are new. Raises ``TrialOver``, ``EmptyEntry``, ``EntryTooLong`` or
    ``TooManyEntries``.
    """
    if not trial.starts <= day <= trial.ends:
        raise TrialOver
    said = {n: " ".join(words.replace("\0", " ").split()) for n, words in answers.items()}
    said = {n: words for n, words in said.items() if words and n in range(len(trial.prompts))}
    if not said:
        raise EmptyEntry
    if max(map(len, said.values())) > LONGEST_ENTRY:
        raise EntryTooLong
    today = _of_day(trial, kept, day)
    if len(today) + len(said) > MOST_A_DAY:
        raise TooManyEntries
    allowed = trial.process.service.allowed_words
    masked = {n: redact(words, names, allowed) for n, words in said.items()}
    new = {(n, found.text) for n, found in masked.items()} - today
    for prompt, text in new:
        entry = DiaryEntry(trial_id=trial.id, code_id=kept.id, day=day, prompt=prompt, text=text)
        entry.names_masked = masked[prompt].names_masked
        db.session.add(entry)
    db.session.flush()
    return len(new)


def _of_day(trial: Trial, kept: KeptCode, day: date) -> set[tuple[int, str]]:
    query = select(DiaryEntry.prompt, DiaryEntry.text).where(
        DiaryEntry.trial_id == trial.id, DiaryEntry.code_id == kept.id, DiaryEntry.day == day
    )
    return {(prompt, text) for prompt, text in db.session.execute(query)}


def remove(kept: KeptCode, entry_id: str) -> bool:
    """Take back an entry of the code's holder; say whether there was one."""
    entry = db.session.get(DiaryEntry, entry_id)
    if entry is None or entry.code_id != kept.id:
        return False
    db.session.delete(entry)
    db.session.flush()
    return True


def entries_of(trial: Trial) -> list[tuple[str, list[DiaryEntry]]]:
    """Return each question of the trial with its answers by day, in no order inside a day.

    What came without the name finder is read once it is masked.
    """
    query = select(DiaryEntry).where(DiaryEntry.trial_id == trial.id, DiaryEntry.names_masked)
    found = list(db.session.scalars(query.order_by(DiaryEntry.day, DiaryEntry.id)))
    return [
        (question, [entry for entry in found if entry.prompt == number])
        for number, question in enumerate(trial.prompts)
    ]


def purge(day: date) -> int:
    """Erase the diaries whose term has passed; return how many entries went."""
    over = select(Trial.id).where(Trial.ends < day - KEPT)
    gone = db.session.execute(delete(DiaryEntry).where(DiaryEntry.trial_id.in_(over)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
