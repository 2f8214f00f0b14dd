"""Several models behind one door: health, breakers, and answers that survive the death of whoever was writing them."""
