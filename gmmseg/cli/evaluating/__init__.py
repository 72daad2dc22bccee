"""What can be scored, one file a kind of result."""
