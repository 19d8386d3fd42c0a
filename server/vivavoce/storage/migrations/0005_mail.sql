-- Written in the transaction of what it tells; a worker sends it.
CREATE TABLE mail (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    session_id TEXT NOT NULL REFERENCES sessions (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder', 'cancellation', 'result')),
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn')),
    recipient_name TEXT NOT NULL,
    recipient_address TEXT NOT NULL, -- empty once the participant is forgotten
    language TEXT NOT NULL,
    facts TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    not_after TEXT,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    outcome TEXT, -- of the latest attempt
    next_attempt_at TEXT,
    leased_until TEXT, -- while an attempt is under way; a crash leaves it to run out
    settled_at TEXT
) STRICT;
CREATE INDEX mail_by_organization ON mail (organization_id, number);
CREATE INDEX mail_by_status ON mail (organization_id, status, number);
CREATE INDEX mail_by_session ON mail (session_id, number);
CREATE INDEX mail_by_participant ON mail (participant_id, number);
CREATE INDEX mail_pending ON mail (next_attempt_at) WHERE status = 'pending';
CREATE INDEX mail_losing_point ON mail (not_after) WHERE status = 'pending' AND not_after IS NOT NULL;
CREATE INDEX mail_leased ON mail (leased_until) WHERE leased_until IS NOT NULL;
