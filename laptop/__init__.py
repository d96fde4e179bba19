"""Run a deployment on one machine: a database, the Procfile's processes, and the sandbox as its carrier."""
