-- How much waits to be delivered, and for how long, is asked at every look at the metrics.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (created_at)
    WHERE status = 'pending';
CREATE INDEX mail_waiting ON mail (due_at) WHERE status = 'pending';
