"""Where incidents come from: one file a topic, each of which tells what is at fault now."""
