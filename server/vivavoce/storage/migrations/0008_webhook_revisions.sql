-- Counts every change of an endpoint, for optimistic concurrency.
ALTER TABLE webhook_endpoints ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
