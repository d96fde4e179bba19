"""What a deployment is made of: the licences of its libraries."""
