"""What executes a run? Processes or containers of this machine, or a Docker Swarm."""
