"""The keys of config.yaml: a class for each section, in a module that is imported when its key occurs."""
