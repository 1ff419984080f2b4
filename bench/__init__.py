"""Bench: what a decision costs here and elsewhere, on one workload that all engines answer alike."""
