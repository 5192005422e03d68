"""Erasing what the registers hold of somebody."""
