"""Duties: who answers for an area, who did before, and which posts are vacant."""
