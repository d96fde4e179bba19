"""The API at `/api/v1`: what people do on the pages, for programs with a key, by the same use-cases."""
