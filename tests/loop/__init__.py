"""The chapters of the whole loop; ``tests/test_whole_loop.py`` tells them in order."""
