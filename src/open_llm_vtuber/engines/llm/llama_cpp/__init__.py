"""llama.cpp: its process, its slots, the states it keeps on disk."""
