"""How the sections of config.yaml are described: what their fields hold, and what editors read of it."""
