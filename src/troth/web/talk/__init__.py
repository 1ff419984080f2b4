"""Talk: a conversation over HTTP, from the door to its end."""
