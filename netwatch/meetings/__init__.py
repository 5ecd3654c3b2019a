"""Floor 2: which meetings are held when, with which rooms, and whether those are ready."""
