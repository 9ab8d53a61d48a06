"""What is wrong with a readable config.yaml: values against the schema, files, requirements, secrets."""
