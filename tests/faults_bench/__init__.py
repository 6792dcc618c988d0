"""The parts of ``python -m tests.bench_faults``: a site that is broken on purpose, and counted."""
