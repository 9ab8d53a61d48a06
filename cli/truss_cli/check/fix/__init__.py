"""Fixes: applied as edits of text, and kept only where a new check proves them."""
