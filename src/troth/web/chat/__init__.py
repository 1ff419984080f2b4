"""Chat: an agent over HTTP, as a page for people and in the OpenAI form for programs."""
