"""The list of every page group and command: one line each, so that nothing is added in passing.

Importing it also makes every table known to the migrations.
"""

import click
from flask import Blueprint

from app import (
    anonymity_views,
    answer_template_views,
    co_record_views,
    desk_act_views,
    directory_views,
    editions,
    entry_point_views,
    feed_views,
    functionality_views,
    jobs,
    limits,
    mail,
    margin_views,
    public_views,
    question_settings_views,
    release_views,
    saved_view_views,
    sheet_views,
    subscriptions,
    system,
    team_views,
    traces,
)
from app.accounts_views import settings
from app.commands import COMMANDS as acts
from app.desk_views import blueprint as desk
from app.device_views import device
from app.digest_views import bp as digests
from app.mailbox_views import bp as mailbox
from app.pages import pages
from app.privacy_views import blueprint as privacy
from app.record_views import blueprint as record
from app.worker import work_command
from feedback import (
    author_form_views,
    author_views,
    care_views,
    claim_views,
    commitment_desk_views,
    content_notice_desk_views,
    content_notice_views,
    entry_views,
    exchange_views,
    help_views,
    judging_views,
    known_effect_choice_views,
    moderation_check_views,
    note_views,
    notice_follow_views,
    paper_views,
    peer_views,
    period_views,
    promise_views,
    public_signal_views,
    published_views,
    qualification_views,
    question_views,
    receipt_views,
    reply_views,
    reply_writing_views,
    theme_answer_views,
    theme_choice_views,
    theme_map_views,
    theme_why_views,
)
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
    console_views,
    diary_views,
    kept_code_views,
    opinion_views,
    outline_views,
    process_models,
    report_views,
    synthesis_views,
)
from workshops import models as workshop_models
from workshops import paper_views as workshop_paper_views
from workshops.act_views import workshops
from workshops.proposal_views import workshops_desk

# Their views stand on the blueprint of another module.
FURTHER_VIEWS = (
    anonymity_views,
    functionality_views,
    team_views,
    answer_template_views,
    author_form_views,
    author_views,
    care_views,
    claim_views,
    co_record_views,
    commitment_desk_views,
    console_views,
    desk_act_views,
    diary_views,
    synthesis_views,
    note_views,
    release_views,
    saved_view_views,
    content_notice_desk_views,
    content_notice_views,
    directory_views,
    moderation_check_views,
    reply_writing_views,
    entry_point_views,
    entry_views,
    exchange_views,
    help_views,
    feed_views,
    judging_views,
    kept_code_views,
    known_effect_choice_views,
    notice_follow_views,
    opinion_views,
    outline_views,
    report_views,
    workshop_paper_views,
    margin_views,
    paper_views,
    peer_views,
    period_views,
    public_views,
    public_signal_views,
    published_views,
    qualification_views,
    question_settings_views,
    question_views,
    receipt_views,
    promise_views,
    reply_views,
    sheet_views,
    theme_answer_views,
    theme_choice_views,
    theme_map_views,
    theme_why_views,
)
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
    around_models,
    process_models,
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
    privacy,
    desk,
    feedback_desk,
    moderation,
    mediation,
    record,
]
COMMANDS: list[click.Command] = [*acts, work_command]
