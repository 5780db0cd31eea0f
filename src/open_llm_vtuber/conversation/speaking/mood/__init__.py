"""What she feels, by her words."""
