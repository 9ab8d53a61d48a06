"""Source and configuration in, diagnostics out; nothing of the user's is imported or run."""
