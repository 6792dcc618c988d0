"""Measures themes against other tools on the same sentence vectors: ``tests.bench_themes``."""
