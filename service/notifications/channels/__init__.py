"""How a notice is sent, one module for each channel."""
