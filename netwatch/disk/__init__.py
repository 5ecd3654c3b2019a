"""Files: read within bounds, replaced in one step, locked; a disk that hangs holds nobody else."""
