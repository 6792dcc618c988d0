"""Live co-design sessions: phones join by code, cards, groups, votes, and proposals to be answered.

Uses the catalogue and, for an accepted proposal, the commitments of ``feedback``. Participants are
random tokens of one session; nothing here knows who they are.
"""
