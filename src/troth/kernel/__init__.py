"""Kernel: a policy compiled to bits, and the one place where a permit is made."""

from troth.kernel.decide import Kernel, compile

__all__ = ["Kernel", "compile"]
