"""From the engine's events to Discord messages. `delivery.Delivery` is the way in."""
