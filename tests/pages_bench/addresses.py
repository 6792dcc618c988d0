"""The citizen pages that are measured: those that the application opens to all or to an author.

A page that somebody adds is measured as soon as its address can be filled in from what is known.
"""

from collections.abc import Iterator, Mapping

from flask import Flask

# A redirect (the way out also ends an author's half hour), or a page for machines.
UNMEASURED = {"static", "pages.language", "pages.health", "pages.ready", "device.leave"}
DEMONSTRATION = "/demo/"


def citizen_paths(app: Flask, known: Mapping[str, str]) -> dict[str, str]:
    """Return the address of each page by endpoint, where ``known`` fills it in."""
    addresses = app.url_map.bind("localhost")
    return {
        endpoint: addresses.build(endpoint, {name: known[name] for name in arguments})
        for endpoint, arguments in _pages(app)
        if arguments <= known.keys()
    }


def unfilled(app: Flask, known: Mapping[str, str]) -> list[str]:
    """Return the endpoints of citizen pages whose address ``known`` cannot fill in."""
    return sorted({name for name, arguments in _pages(app) if not arguments <= known.keys()})


def _pages(app: Flask) -> Iterator[tuple[str, set[str]]]:
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], "access", None)
        is_citizens = mark is not None and mark.kind in ("public", "author")
        is_page = "GET" in (rule.methods or ()) and rule.endpoint not in UNMEASURED
        if is_citizens and is_page and not rule.rule.startswith(DEMONSTRATION):
            yield rule.endpoint, set(rule.arguments)


def is_authors(app: Flask, endpoint: str) -> bool:
    """Say whether a page opens to the holder of a code alone."""
    return bool(app.view_functions[endpoint].access.kind == "author")  # type: ignore[attr-defined]
