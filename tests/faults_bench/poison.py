"""The application for a worker whose model fails on some texts: the fault that is injected."""

import os
from collections.abc import Sequence
from typing import Any

from app import config
from app.factory import create_app
from app.logs import configure
from app.runtime import Runtime

POISON = os.environ.get("BENCH_POISON", "bababa")  # the word on which the model stumbles


class Stumbling:
    """The real encoder, but for texts that hold the word."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
        """Return the rows of ``texts``; raise on the word."""
        if any(POISON in text for text in texts):
            raise ValueError("poison")
        return self.real.encode(texts, progress)


settings = config.from_environment()
runtime = Runtime(settings, config.instance_folder())
configure()
runtime.__dict__["encoder"] = Stumbling(Runtime(settings, config.instance_folder()).encoder)
app = create_app(settings, runtime=runtime)
