"""Ledger: one append-only, sealed row for every act of consequence."""
