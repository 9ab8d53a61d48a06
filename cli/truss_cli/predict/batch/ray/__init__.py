"""The engine of many processes: workers of Ray, on this machine or a cluster."""
