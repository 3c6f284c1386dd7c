"""The product on several machines: PostgreSQL under Patroni, two web servers, one proxy."""
