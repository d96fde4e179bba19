"""All of a workspace as one file: written as a stream, and read in again elsewhere."""
