"""Measures the watch: simulated streams, single changes, many streams, real texts, speed."""
