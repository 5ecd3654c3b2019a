"""What netwatch says of mistakes, in Vietnamese first: English phrases and their translations."""
