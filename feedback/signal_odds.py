"""How strong a signal is, what it had to reach, how often the watch cries wolf: in honest words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from feedback.models import Signal, WatchCheck
from feedback.signal_proofs import told

MOST = 10_000  # an e-value above it says no more than « more than 10 000 times »
Proof = dict[str, Any]


@dataclass(frozen=True)
class Spacing:
    """The weeks between two false alarms: what was promised, and what the past shows."""

    promised: str
    measured: str
    between: str  # the interval of what was measured, or why there is none


def likelihood(e_value: float | None) -> str:
    """Return an e-value in honest words: never a probability that the rise is real."""
    if e_value is None:
        return ""
    if e_value > MOST:
        return str(
            _(
                "Ces chiffres sont plus de 10 000 fois plus vraisemblables avec une hausse "
                "qu’à l’ordinaire."
            )
        )
    if round(e_value) < 2:
        return str(
            _("Ces chiffres ne sont pas plus vraisemblables avec une hausse qu’à l’ordinaire.")
        )
    times = format_decimal(round(e_value))
    return str(
        _(
            "Ces chiffres sont environ %(e)s fois plus vraisemblables avec une hausse "
            "qu’à l’ordinaire.",
            e=times,
        )
    )


def threshold_words(signal: Signal) -> str:
    """Return what the e-value had to reach, and what that keeps in check."""
    family = (signal.proof or {}).get("family")
    if signal.threshold is None:
        return ""
    reached = format_decimal(round(signal.threshold))
    if not family:
        return str(_("Seuil : %(threshold)s.", threshold=reached))
    return str(
        _(
            "Seuil : %(threshold)s, celui du rang %(rank)d parmi %(streams)s regardées ensemble. "
            "Il est réglé pour qu’en moyenne au plus %(percent)d %% des candidats soient de "
            "fausses alertes.",
            threshold=reached,
            rank=family["rank"],
            streams=_streams(family),
            percent=round(100 * family["alpha"]),
        )
    )


def _streams(family: Proof) -> str:
    count = int(family["streams"])
    if family.get("budget") == "platform":
        return ngettext("%(num)d série de sujets", "%(num)d séries de sujets", count)
    if family.get("budget") == "group":
        return ngettext("%(num)d série de groupes", "%(num)d séries de groupes", count)
    return ngettext("%(num)d série de ce service", "%(num)d séries de ce service", count)


def spacing(proof: Proof, check: WatchCheck | None = None) -> Spacing | None:
    """Return the promised and the measured weeks between false alarms, side by side.

    ``check`` is the service's last monthly one, for a proof that was frozen before any.
    """
    if not proof.get("arl"):
        return None
    promised, found = weeks_words(float(proof["arl"])), proof.get("recurrence") or told(check)
    if not found:
        return Spacing(promised, str(_("pas encore mesuré")), "")
    if found.get("mean_weeks") is None:
        return Spacing(promised, str(_("aucune fausse alerte")), _never(found))
    return Spacing(promised, weeks_words(float(found["mean_weeks"])), _between(found))


def _never(found: Proof) -> str:
    looked = weeks_words(float(found.get("weeks") or 0))
    if found.get("low") is None:
        return str(_("rien ne s’est déclenché en %(weeks)s, sur son passé mélangé", weeks=looked))
    return str(
        _(
            "rien ne s’est déclenché en %(weeks)s, sur son passé mélangé : "
            "au moins %(low)s entre deux",
            weeks=looked,
            low=weeks_words(float(found["low"])),
        )
    )


def _between(found: Proof) -> str:
    low, high = found.get("low"), found.get("high")
    if low is None:
        return ""
    if high is None:
        return str(_("au moins %(low)s, sur son passé mélangé", low=weeks_words(float(low))))
    low_text, high_text = format_decimal(round(low)), weeks_words(float(high))
    return str(_("entre %(low)s et %(high)s, sur son passé mélangé", low=low_text, high=high_text))


def weeks_words(weeks: float) -> str:
    """Return a number of weeks in words."""
    count = round(weeks)
    return ngettext("%(n)s semaine", "%(n)s semaines", count, n=format_decimal(count))


def detectable(found: Proof | None) -> str:
    """Return the smallest rise that would be seen here, in words."""
    if not found:
        return ""
    usual = format_decimal(found["expected_per_week"], "0.#")
    weeks = weeks_words(float(found["weeks"]))
    if found.get("ratio") is None:
        return str(
            _(
                "Avec %(usual)s attendu par semaine, aucune hausse ne se verrait en %(weeks)s : "
                "seuls les dommages nommés, lus un par un, protègent ici.",
                usual=usual,
                weeks=weeks,
            )
        )
    return str(
        _(
            "Avec %(usual)s attendu par semaine, une hausse se voit en %(weeks)s à partir "
            "d’environ %(ratio)s fois l’ordinaire. Une plus petite peut passer inaperçue.",
            usual=usual,
            weeks=weeks,
            ratio=format_decimal(found["ratio"], "0.#"),
        )
    )
