"""`truss lsp`: what `truss check` finds, in editors, by the Language Server Protocol 3.17."""
