"""Which meetings are held when, with which rooms, and whether those are ready."""
