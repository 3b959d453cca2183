"""Which runs are there? The store, its order, filters, sorting and stopping."""
