"""What passes between the supervisor and a worker: the input one way, the answers the other."""
