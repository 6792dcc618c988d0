"""The application around the features, on two floors.

The ground floor (configuration, database, accounts, catalogue, access, journal, web, floors, mail,
jobs) is imported by the features and imports none of them. The top floor (factory, pages, desk,
record, digests, privacy, worker, commands, demonstration) imports the features and is imported by
none. ``tests/test_architecture.py`` holds both lists.
"""
