"""Who is there in a range of addresses: asked politely, and laid beside the inventory."""
