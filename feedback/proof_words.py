"""What the numbers of a signal follow from, in words, read from the proof that the look froze.

Old rows lack parts of it: what is not there is not said, and nothing is computed anew here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.web import written_day
from feedback.models import Signal
from feedback.signal_odds import Spacing, detectable, likelihood, spacing, threshold_words
from feedback.signal_proofs import METHOD, latest_check

Proof = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The table of two by two: here and elsewhere, with the theme and without."""

    with_here: int
    without_here: int
    with_elsewhere: int
    without_elsewhere: int
    share_here: str
    share_elsewhere: str
    words: str
    verdict: str
    strata: str
    component: str  # the information component itself, for who knows it


@dataclass(frozen=True)
class ProofWords:
    """Everything that the page prints of a proof; empty where it holds nothing of it."""

    likelihood: str
    threshold: str
    spacing: Spacing | None
    table: Table | None
    excluded: tuple[str, ...]
    detectable: str
    method: str
    since: date | None  # the first week that was counted


def proof_words(signal: Signal) -> ProofWords:
    """Return the words of the proof of ``signal``."""
    proof = signal.proof or {}
    first = proof.get("first")
    return ProofWords(
        likelihood=likelihood(signal.e_value),
        threshold=threshold_words(signal),
        spacing=spacing(proof, latest_check(signal.service_id) if signal.service_id else None),
        table=_table(proof.get("table")),
        excluded=_excluded(proof),
        detectable=detectable(proof.get("detectable")),
        method=_method(str(proof.get("method", ""))),
        since=date.fromisoformat(first) if first else None,
    )


def _table(found: Proof | None) -> Table | None:
    if not found:
        return None
    a, b, c, d = (int(found[key]) for key in "abcd")
    return Table(
        a,
        b,
        c,
        d,
        _share(a, a + b),
        _share(c, c + d),
        _ratio(found),
        _verdict(found),
        _strata(found.get("strata") or []),
        _component(found),
    )


def _share(part: int, whole: int) -> str:
    share = 100 * part / whole if whole else 0.0
    return str(_("%(percent)s %%", percent=format_decimal(share, "0.#")))


def _ratio(found: Proof) -> str:
    said = {
        key: format_decimal(2.0 ** float(found[key]), "0.#") for key in ("ic", "ic025", "ic975")
    }
    return str(
        _(
            "%(a)s pour %(expected)s attendus : environ %(ratio)s fois autant, "
            "entre %(low)s et %(high)s fois.",
            a=found["a"],
            expected=format_decimal(found["expected"], "0.#"),
            ratio=said["ic"],
            low=said["ic025"],
            high=said["ic975"],
        )
    )


def _component(found: Proof) -> str:
    said = {key: format_decimal(found[key], "0.##") for key in ("ic", "ic025", "ic975")}
    return str(
        _(
            "IC (base 2) : %(ic)s, de %(low)s à %(high)s.",
            ic=said["ic"],
            low=said["ic025"],
            high=said["ic975"],
        )
    )


def _verdict(found: Proof) -> str:
    if found["ic025"] > 0:
        return str(_("Même la borne basse dépasse 1 : c’est plus fréquent ici qu’ailleurs."))
    if found["ic975"] < 0:
        return str(_("Même la borne haute est sous 1 : c’est plus rare ici qu’ailleurs."))
    return str(
        _("L’intervalle contient 1 : ces chiffres ne suffisent pas à dire que c’est plus fréquent.")
    )


def _method(method: str) -> str:
    """Return the method in the reader's words; one of an older version as it was written down."""
    if method == METHOD:
        return str(
            _(
                "détecteur e de Shiryaev–Roberts, entre plusieurs idées du cours ordinaire, "
                "puis e-BH pondéré"
            )
        )
    return method


def _strata(strata: list[str]) -> str:
    names = {"month": _("même mois"), "channel": _("même canal"), "role": _("même rôle")}
    kept = [str(names[each]) for each in strata if each in names]
    if not kept:
        return ""
    return str(_("Attendus calculés à structure égale : %(strata)s.", strata=", ".join(kept)))


def _excluded(proof: Proof) -> tuple[str, ...]:
    left = proof.get("excluded")
    if left is None:
        return ()
    counts = (
        (left.get("copies", 0), _copies),
        (left.get("batches", 0), _batches),
        (left.get("contested", 0), _contested),
    )
    lines = [words(n) for n, words in counts if n]
    lines += [_campaign(each) for each in proof.get("campaigns") or ()]
    return tuple(lines) or (str(_("Rien : tous les retours de ces semaines comptent.")),)


def _copies(n: int) -> str:
    return str(ngettext("%(num)d copie presque identique", "%(num)d copies presque identiques", n))


def _batches(n: int) -> str:
    return str(
        ngettext(
            "%(num)d retour saisi en lot : un lot d’un jour compte pour trois au plus",
            "%(num)d retours saisis en lot : un lot d’un jour compte pour trois au plus",
            n,
        )
    )


def _contested(n: int) -> str:
    return str(
        ngettext(
            "%(num)d retour que son auteur dit mal rangé",
            "%(num)d retours que leurs auteurs disent mal rangés",
            n,
        )
    )


def _campaign(found: Proof) -> str:
    start, end = written_day(found["from"], "d MMMM"), written_day(found["to"], "d MMMM")
    return ngettext(
        "une campagne : %(num)d texte presque identique entre le %(start)s et le %(end)s, "
        "compté une fois",
        "une campagne : %(num)d textes presque identiques entre le %(start)s et le %(end)s, "
        "comptés une fois",
        found["retours"],
        start=start,
        end=end,
    )
