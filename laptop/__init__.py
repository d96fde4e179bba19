"""A whole deployment on one machine: an embedded database, the Procfile, and a carrier to rehearse with."""
