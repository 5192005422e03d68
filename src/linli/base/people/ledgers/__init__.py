"""Ledgers 台账: the workbooks people keep, read as they are, checked by cell, taken over once."""
