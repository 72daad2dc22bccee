"""A photo from its noise: patches by their posterior means, averaged where they overlap."""
