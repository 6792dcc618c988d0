"""What citizens say and what becomes of it: retours, exchanges, commitments, themes and signals.

Masks and stores one message, gives its receipt code, carries the exchange with the team and keeps
what language processing found. It is not the desk across features, nor the digests: those are on
the top floor of ``app``.
"""
