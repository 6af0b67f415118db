"""What the tests run in processes of their own: the façade stands in for redis there, and nowhere else."""
