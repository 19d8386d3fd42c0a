CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    events TEXT NOT NULL, -- a list; empty stands for all
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    disabled_reason TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
CREATE INDEX webhook_endpoints_by_organization ON webhook_endpoints (organization_id, id)
    WHERE deleted_at IS NULL;

-- Kept readable, because signing needs the secret itself.
CREATE TABLE webhook_secrets (
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    position INTEGER NOT NULL, -- 0 is the newest
    secret TEXT NOT NULL,
    retires_at TEXT,
    PRIMARY KEY (endpoint_id, position)
) STRICT;

-- Written together with the event, one for each endpoint that asked for it.
CREATE TABLE webhook_deliveries (
    number INTEGER PRIMARY KEY, -- events of one millisecond keep their order too
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    event_id TEXT NOT NULL REFERENCES outbox (id),
    event TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'abandoned')),
    failures INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    next_attempt_at TEXT,
    leased_until TEXT, -- while an attempt is under way; a crash leaves it to run out
    settled_at TEXT,
    UNIQUE (endpoint_id, event_id)
) STRICT;
CREATE INDEX webhook_deliveries_by_organization ON webhook_deliveries (organization_id, number);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, number);
CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (organization_id, status, number);
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (endpoint_id, next_attempt_at)
    WHERE status = 'pending';
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (endpoint_id, leased_until)
    WHERE leased_until IS NOT NULL;

CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status_code INTEGER,
    duration_ms INTEGER,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
) STRICT;
