"""What executes a run on this machine? Processes, or containers of Podman or Docker."""
