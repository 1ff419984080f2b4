"""Troth runs a privacy policy: the document says, the kernel decides, the gate does, the ledger shows."""
