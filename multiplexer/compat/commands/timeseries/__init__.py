"""What goes with time series."""
