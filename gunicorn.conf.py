"""How gunicorn serves here; it reads this file by itself. `--workers` and the address come from the environment."""

worker_class = "service.server.BufferingWorker"
threads = 8
worker_connections = 2000
