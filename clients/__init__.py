"""What programs outside use the API with; everything in it is made from the API's own description."""
