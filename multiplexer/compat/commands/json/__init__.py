"""What goes with JSON documents."""
