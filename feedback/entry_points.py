"""The doors to a service's form: short address, poster, button, frame; what each tells of the way.

A service whose anonymity the law guarantees keeps nothing of the way: all of them count as the web.
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.catalogue import Service
from app.said import as_said
from feedback.models import Channel

TOLD = (Channel.LINK, Channel.POSTER, Channel.WIDGET)  # beside the web itself
FRAME_WIDTH, FRAME_HEIGHT = 340, 480


@dataclass(frozen=True)
class Poster:
    """The words of a service's poster: the same on the page and in the PDF."""

    language: str
    title: str
    lead: str
    address: str  # as people type it
    qr_address: str
    qr_name: str
    otherwise: str


def channel_of(service: Service, told: str) -> Channel:
    """Return the channel under which a form that came by the door ``told`` is kept."""
    known = {channel.value: channel for channel in TOLD}
    return Channel.WEB if service.anonymous_by_law else known.get(told, Channel.WEB)


def told_by(service: Service, channel: Channel) -> str | None:
    """Return what an address says of its door; nothing where nothing may be known."""
    return None if service.anonymous_by_law else channel.value


def site_address(endpoint: str, **values: Any) -> str:
    """Return a page's whole address, as it is printed and embedded."""
    base: str = current_app.config["BASE_URL"].rstrip("/")
    return base + url_for(endpoint, **values)


def short_address(service: Service) -> str:
    """Return the service's short address."""
    return site_address("feedback.short", short=service.short)


def poster_of(service: Service) -> Poster:
    """Return what the poster of ``service`` says, in the reader's language."""
    short = short_address(service)
    told = told_by(service, Channel.POSTER)
    return Poster(
        language=str(get_locale() or "fr"),
        title=_("Dites ce que vous pensez de %(name)s", name=as_said(service.name)),
        lead=_("Une minute. Sans compte, sans adresse. L’équipe vous répond."),
        address=short.partition("://")[2],
        qr_address=f"{short}?par={told}" if told else short,
        qr_name=_("QR de la page du service"),
        otherwise=_(
            "Autrement : %(phone)s, %(hours)s. %(place)s.",
            phone=service.phone,
            hours=as_said(service.hours),
            place=as_said(service.place),
        ),
    )


def button_snippet(service: Service) -> str:
    """Return the link that another site copies: no script, no style, nothing loaded from here."""
    told = told_by(service, Channel.WIDGET)
    address = site_address("feedback.service", slug=service.slug, par=told)
    words = _("Donner mon avis sur %(name)s", name=service.name)
    return str(Markup('<a href="{}" rel="noopener">{}</a>').format(address, words))


def frame_snippet(service: Service) -> str:
    """Return the frame that a listed site copies."""
    frame = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
        'referrerpolicy="no-referrer" sandbox="allow-same-origin allow-popups '
        'allow-popups-to-escape-sandbox"></iframe>'
    )
    address = site_address("feedback.widget", slug=service.slug)
    title = _("Ce que disent les retours sur %(name)s", name=service.name)
    return str(frame.format(address, title, FRAME_WIDTH, FRAME_HEIGHT))
