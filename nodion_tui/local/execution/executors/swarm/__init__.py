"""How does a Docker Swarm execute a run? One service each, with one task."""
