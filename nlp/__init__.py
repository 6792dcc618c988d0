"""Language processing and signal detection: strings and arrays in, arrays and frozen records out.

Nothing here knows the site, the database or the time of day. Heavy libraries load inside the
function that needs them, so that importing ``nlp`` stays cheap.
"""
