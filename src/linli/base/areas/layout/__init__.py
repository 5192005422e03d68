"""Propose a new layout of a community's grids, compare it with the old one, adopt it."""
