"""Me: what a person meets who is signed in: their data, their choices, their rights."""
