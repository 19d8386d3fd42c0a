-- What became of a form whose code was told: which of several forms of one person counts.
ALTER TABLE apply_requests ADD COLUMN uptake TEXT
    CHECK (uptake IN ('first', 'renewed', 'overtaken', 'earlier'));
UPDATE apply_requests
    SET uptake = CASE
        WHEN created_at > (SELECT created_at FROM applications WHERE id = application_id)
        THEN 'earlier' ELSE 'first' END
    WHERE application_id IS NOT NULL;
CREATE INDEX apply_requests_by_application ON apply_requests (application_id)
    WHERE application_id IS NOT NULL;
