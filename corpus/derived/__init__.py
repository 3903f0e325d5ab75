"""What is made of originals and may be made again, and what must be gone with them."""
