"""Sheets with a row for each person, dwelling, building, organisation or grid of a community."""
