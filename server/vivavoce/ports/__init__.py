"""Small protocols through which the product reaches engines, stores and clocks."""
