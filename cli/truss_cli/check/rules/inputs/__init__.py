"""TRS208, TRS212: inputs that are Pydantic models."""
