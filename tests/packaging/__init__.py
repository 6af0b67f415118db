"""What the package is as an index shows it and pip installs it."""
