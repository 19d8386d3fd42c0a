-- Who applies by the public page proves an address first; until then nobody else hears of it.
CREATE TABLE apply_requests (
    id TEXT PRIMARY KEY,
    handle_hash BLOB NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    email TEXT NOT NULL,
    form TEXT NOT NULL,
    language TEXT NOT NULL,
    code_number INTEGER NOT NULL,
    code_at TEXT,
    is_code_mailed INTEGER NOT NULL CHECK (is_code_mailed IN (0, 1)),
    codes_mailed INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    resume TEXT, -- its words, not the file
    application_id TEXT REFERENCES applications (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX apply_requests_by_age ON apply_requests (created_at);
CREATE INDEX apply_requests_by_email ON apply_requests (email, code_at);

-- Null where the organization added the participant.
ALTER TABLE applications ADD COLUMN applied_at TEXT;
ALTER TABLE applications ADD COLUMN campaign_id TEXT REFERENCES campaigns (id);
ALTER TABLE applications ADD COLUMN consent TEXT;
CREATE INDEX campaigns_by_template ON campaigns (template_id, id);

-- A code is mailed before there is a participant, and never about a session. SQLite changes neither
-- a NOT NULL nor a CHECK otherwise without copying every mail.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
    SET sql = replace(
        replace(
            replace(
                sql, 'session_id TEXT NOT NULL REFERENCES', 'session_id TEXT REFERENCES'
            ),
            'participant_id TEXT NOT NULL REFERENCES', 'participant_id TEXT REFERENCES'
        ),
        '''cancellation'', ''result''', '''cancellation'', ''result'', ''code'''
    )
    WHERE type = 'table' AND name = 'mail';
PRAGMA writable_schema = RESET;
ALTER TABLE mail ADD COLUMN apply_request_id TEXT;
CREATE INDEX mail_by_apply_request ON mail (apply_request_id) WHERE apply_request_id IS NOT NULL;
