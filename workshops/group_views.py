"""The facilitator's hands on the board: group, merge, name, lock, fold, hide, and take it back.

Each gesture is checked against what the page showed (``seen_board.py``) and listed so that it can
be undone (``board_acts.py``).
"""

from collections.abc import Callable

from flask import abort, request
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from workshops import board, board_acts, doubles, groups, seen_board
from workshops.board_acts import Kind
from workshops.console_views import own_or_404, press, show_console
from workshops.desk_views import workshops_desk
from workshops.models import CardGroup, Workshop

Do = Callable[[Workshop], CardGroup | None]


def press_kept(workshop_id: str, kind: Kind, do: Do, anchor: str = "board") -> AnyResponse:
    """Do one gesture on the board, kept so that it can be taken back."""
    by = current_user._get_current_object()
    return press(
        workshop_id, lambda room: board_acts.recorded(room, by, kind, lambda: do(room)), anchor
    )


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes")
@staff(Verb.RUN_SESSIONS)
def group(workshop_id: str) -> AnyResponse:
    """Do with the ticked cards and groups what the pressed button says."""
    gestures: dict[str, tuple[Kind, Do]] = {
        "": (Kind.GATHER, _gather),
        "fusionner": (Kind.MERGE, _merge),
        "doublons": (Kind.DOUBLE, _fold),
        "masquer": (Kind.HIDE, _hide_ticked),
    }
    gesture = request.form.get("geste", "")
    if gesture not in gestures:
        abort(400)
    if gesture == "masquer" and not request.form.get("reason", "").strip():
        return _without_reason(workshop_id)
    return press_kept(workshop_id, *gestures[gesture])


def _without_reason(workshop_id: str, card_id: str = "") -> AnyResponse:
    error = _("Dites pourquoi : la personne qui a écrit l’idée le lira.")
    typed = request.form.to_dict(flat=False)
    typed["cards"] = typed.get("cards", []) + ([card_id] if card_id else [])
    return show_console(own_or_404(workshop_id), status=422, error=error, typed=typed, hiding=True)


def _gather(workshop: Workshop) -> CardGroup:
    """Put what is ticked together: whole groups count as all their cards."""
    whole = seen_board.ticked_groups(workshop, request.form.getlist("groups"))
    cards = seen_board.ticked_cards(workshop, request.form.getlist("cards"))
    title, into = request.form.get("title", ""), request.form.get("into", "")
    target = seen_board.group_seen(workshop, into) if into else None
    if whole and target is None:
        target = groups.largest(whole)
    inside = [card for each in whole if each is not target for card in groups.members(each.id)]
    return groups.gather(workshop, [*cards, *inside], target, title)


def _merge(workshop: Workshop) -> CardGroup:
    whole = seen_board.ticked_groups(workshop, request.form.getlist("groups"))
    if into := request.form.get("into", ""):
        whole = [each for each in whole if each.id != into]
        whole.append(seen_board.group_seen(workshop, into))
    return groups.merge(workshop, whole, request.form.get("title", "").strip())


def _fold(workshop: Workshop) -> None:
    doubles.fold(workshop, seen_board.ticked_cards(workshop, request.form.getlist("cards")))


def _hide_ticked(workshop: Workshop) -> None:
    cards = seen_board.ticked_cards(workshop, request.form.getlist("cards"))
    if not cards:
        raise board.NothingTicked
    for card in cards:
        board.hide(workshop, card, request.form.get("reason", ""))


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>")
@staff(Verb.RUN_SESSIONS)
def arrange(workshop_id: str, group_id: str) -> AnyResponse:
    """Name a group, lock or unlock it, or let its cards stand alone again."""
    gestures: dict[str, tuple[Kind, Callable[[Workshop, CardGroup], None]]] = {
        "nommer": (Kind.RENAME, _rename),
        "verrouiller": (Kind.LOCK, lambda room, found: groups.set_locked(room, found, True)),
        "deverrouiller": (Kind.UNLOCK, lambda room, found: groups.set_locked(room, found, False)),
        "separer": (Kind.SEPARATE, _separate),
    }
    gesture = request.form.get("geste", "nommer")
    if gesture not in gestures:
        abort(400)
    kind, change = gestures[gesture]

    def do(workshop: Workshop) -> CardGroup | None:
        found = seen_board.group_seen(workshop, group_id)
        change(workshop, found)
        return None if kind is Kind.SEPARATE else found

    return press_kept(workshop_id, kind, do, f"group-{group_id}")


def _rename(workshop: Workshop, found: CardGroup) -> None:
    seen_board.group_seen(workshop, found.id, request.form.get("was"))
    groups.rename(workshop, found, request.form.get("title", ""))


def _separate(workshop: Workshop, found: CardGroup) -> None:
    if seal := request.form.get("seal"):
        seen_board.ticked_groups(workshop, [f"{found.id}.{seal}"])
    groups.ungroup(workshop, found)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/idees/<card_id>/masquer")
@staff(Verb.RUN_SESSIONS)
def hide(workshop_id: str, card_id: str) -> AnyResponse:
    """Take a card off the board with the reason, or put it back."""
    reason, back = request.form.get("reason", "").strip(), request.form.get("geste") == "remettre"
    if not reason and not back:
        return _without_reason(workshop_id, card_id)

    def take_off(workshop: Workshop) -> None:
        card = board.card_of(workshop, card_id) or abort(404)
        board.hide(workshop, card, "" if back else reason)
        groups.seat_shown(workshop)

    return press_kept(workshop_id, Kind.SHOW if back else Kind.HIDE, take_off)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/idees/relues")
@staff(Verb.RUN_SESSIONS)
def let_read(workshop_id: str) -> AnyResponse:
    """Show the room the ideas that waited to be read by who facilitates: those of the page."""
    seen = set(request.form.getlist("cards"))

    def show(workshop: Workshop) -> None:
        for card in board.hidden_cards(workshop):
            if card.awaits_reading and card.id in seen:
                board.hide(workshop, card, "")
        groups.seat_shown(workshop)

    return press_kept(workshop_id, Kind.SHOW, show)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/idees/<card_id>/doublons")
@staff(Verb.RUN_SESSIONS)
def unfold(workshop_id: str, card_id: str) -> AnyResponse:
    """Let the duplicates of a card show again."""

    def part(workshop: Workshop) -> None:
        doubles.unfold(workshop, board.card_of(workshop, card_id) or abort(404))

    return press_kept(workshop_id, Kind.APART, part)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/gestes/<act_id>/annuler")
@staff(Verb.RUN_SESSIONS)
def undo(workshop_id: str, act_id: str) -> AnyResponse:
    """Take back one of the last ten gestures."""
    return press(workshop_id, lambda room: board_acts.undo(room, act_id), "acts")
