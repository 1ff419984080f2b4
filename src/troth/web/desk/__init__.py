"""Desk: what a company's staff meets: tags and numbers, never a name without a role and a reason."""
