"""The application starts, and refuses to start without its secrets."""

import pytest
from flask import Flask

from app.config import BadSetting, load


def test_production_refuses_to_start_without_secrets_in_one_sentence() -> None:
    with pytest.raises(BadSetting) as refusal:
        load({})
    assert "SECRET_KEY and RECEIPT_SECRET" in str(refusal.value)
    assert str(refusal.value).count(". ") == 0


def test_the_application_starts(app: Flask) -> None:
    assert app.testing
