"""Entente: a reproducible text-mining pipeline for strategic alliances."""

__version__ = "0.1.0"
