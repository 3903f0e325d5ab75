"""Page images: orientation, deskew, cropping, background, ink, stamps."""
