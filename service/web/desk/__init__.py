"""Pages of our own staff: alerts, every open port, and the orders filed by hand."""
