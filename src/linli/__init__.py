"""Linli 邻里: the platform on which a city district runs its communities."""

__version__ = "0.1.0"
