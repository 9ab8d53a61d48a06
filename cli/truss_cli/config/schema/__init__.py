"""The keys of config.yaml: one class a section, one module a section or group, imported when its key occurs."""
