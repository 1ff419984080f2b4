"""Document: Markdown in, sections out, every node with its line.

Nothing here knows what a rule means; ``troth.policy`` reads the blocks.
"""

from troth.document.read import Block, Document, Paragraph, Phrase, Section, WrongEncoding, phrases, read

__all__ = ["Block", "Document", "Paragraph", "Phrase", "Section", "WrongEncoding", "phrases", "read"]
