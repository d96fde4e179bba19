"""Pages of our own staff: alerts, every port under way, and the orders done by hand."""
