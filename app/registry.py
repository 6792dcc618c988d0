"""The list of every page group and command: one line each, so that nothing is added in passing.

Importing it also makes every table known to the migrations.
"""

import click
from flask import Blueprint

from app import editions, jobs, limits, mail, subscriptions, system, traces
from app.pages import pages
from feedback import models as feedback_models
from workshops import models as workshop_models

TABLES = (
    editions,
    feedback_models,
    jobs,
    limits,
    mail,
    subscriptions,
    system,
    traces,
    workshop_models,
)
BLUEPRINTS: list[Blueprint] = [pages]
COMMANDS: list[click.Command] = []
