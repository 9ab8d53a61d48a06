"""The rules: each module here defines one, or a small family, by binding `Rule`s to names."""
