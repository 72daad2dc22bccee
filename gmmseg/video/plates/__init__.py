"""The steps by which a clean background is made from frames: arrays in, arrays out."""
