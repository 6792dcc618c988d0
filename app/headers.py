"""The security headers of every answer, the one exception to the frame policy, pressed files.

Attached to the application by ``app/web.py``.
"""

from flask import Response, current_app, request

from app.pressing import press

FRAMED_BY = "frame-ancestors"
CONTENT_POLICY = ";".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        f"{FRAMED_BY} 'none'",
    )
)
EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
# What governs a document says nothing of a style or a script: there it only costs bytes.
OF_DOCUMENTS = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_POLICY,
    "Permissions-Policy": "camera=(),microphone=(),geolocation=(),payment=(),usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PARTS = ("text/css", "text/javascript", "application/javascript")
# A static file's address changes with what it holds: nothing is ever asked about it again.
NEEDLESS = ("Content-Disposition", "Expires", "Last-Modified", "Accept-Ranges")


def let_frame(response: Response, origins: list[str]) -> Response:
    """Let the pages of ``origins`` show this answer in a frame: the one exception, read-only.

    Nothing in it may run, be sent or be stored; without any origin nobody may frame it.
    """
    policy = ("default-src 'none'", "style-src 'self'", "form-action 'none'", "base-uri 'none'")
    ancestors = " ".join(origins) or "'none'"
    response.headers["Content-Security-Policy"] = "; ".join((*policy, f"{FRAMED_BY} {ancestors}"))
    return response


def add_headers(response: Response) -> Response:
    """Add what governs a document, or only what a part of one needs; ``response`` may say more."""
    is_static = request.endpoint == "static"
    is_part = is_static and response.mimetype in PARTS
    for name, value in (EVERYWHERE if is_part else EVERYWHERE | OF_DOCUMENTS).items():
        response.headers.setdefault(name, value)
    if f"{FRAMED_BY} 'none'" not in response.headers.get("Content-Security-Policy", CONTENT_POLICY):
        del response.headers["X-Frame-Options"]  # it knows no list: it would close what is listed
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if not is_static:
        response.headers.setdefault("Cache-Control", "no-store")
    for name in NEEDLESS if is_part else ():
        response.headers.pop(name, None)
    return response


def read_whole(response: Response) -> Response:
    """Read a static file at once: a streamed one is compressed less, and its file left open."""
    if request.endpoint == "static" and response.is_streamed:
        response.direct_passthrough = False
        response.make_sequence()
        press(response, bool(request.accept_encodings["br"]))
        response.make_conditional(request)  # the short name is the one that browsers know
    return response
