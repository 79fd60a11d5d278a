"""One store for many machines, and many users on one: Redis or Valkey beside LMDB, and tenants."""
