"""One act on many cases: chosen in a list, done one by one, each with its own answer."""
