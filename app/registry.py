"""The list of every page group and command: one line each, so that nothing is added in passing.

Importing it also makes every table known to the migrations.
"""

import click
from flask import Blueprint

from app import (
    bursts,
    editions,
    job_runs,
    jobs,
    limits,
    mail,
    retention,
    staff_sessions,
    staff_tokens,
    subscriptions,
    system,
    traces,
)
from app.account_views import account
from app.accounts_views import settings
from app.commands import COMMANDS as acts
from app.desk_views import blueprint as desk
from app.device_views import device
from app.digest_views import bp as digests
from app.further_views import FURTHER_VIEWS
from app.mailbox_views import bp as mailbox
from app.pages import pages
from app.privacy_views import blueprint as privacy
from app.record_views import blueprint as record
from app.worker import work_command
from feedback import models as feedback_models
from feedback.desk_views import blueprint as feedback_desk
from feedback.evaluation_views import bp as evaluations
from feedback.known_effect_views import bp as known_effects
from feedback.lesson_views import bp as lessons
from feedback.mediation_views import mediation
from feedback.moderation_views import blueprint as moderation
from feedback.reference_views import bp as references
from feedback.release_watch_views import bp as watches
from feedback.routing_views import bp as routing
from feedback.score_views import bp as scores
from feedback.subject_views import bp as subjects
from feedback.territory_views import bp as territory
from feedback.theme_edit_views import bp as theme_edits
from feedback.theme_views import bp as themes
from feedback.usage_views import bp as usage
from feedback.views import bp as feedback_views
from feedback.vigilance_views import bp as vigilance
from workshops import (
    around_models,
    console_models,
    process_models,
    talk_models,
)
from workshops import models as workshop_models
from workshops.act_views import workshops
from workshops.proposal_views import workshops_desk

__all__ = ["BLUEPRINTS", "COMMANDS", "FURTHER_VIEWS", "TABLES"]

TABLES = (
    bursts,
    editions,
    job_runs,
    feedback_models,
    jobs,
    limits,
    mail,
    retention,
    staff_sessions,
    staff_tokens,
    subscriptions,
    system,
    traces,
    workshop_models,
    around_models,
    console_models,
    process_models,
    talk_models,
)
BLUEPRINTS: list[Blueprint] = [
    pages,
    device,
    feedback_views,
    digests,
    mailbox,
    themes,
    theme_edits,
    subjects,
    vigilance,
    routing,
    usage,
    territory,
    lessons,
    evaluations,
    scores,
    references,
    known_effects,
    watches,
    workshops,
    workshops_desk,
    settings,
    account,
    privacy,
    desk,
    feedback_desk,
    moderation,
    mediation,
    record,
]
COMMANDS: list[click.Command] = [*acts, work_command]
