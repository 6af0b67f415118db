"""What monitoring systems are shown, held against lists that were written down."""
