-- A hiring process: candidates for one template within a time.
CREATE TABLE campaigns (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    starts_at TEXT,
    ends_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX campaigns_by_organization ON campaigns (organization_id, id);

-- `agent_profile_id` is null where the template's own profile interviews.
ALTER TABLE sessions ADD COLUMN agent_profile_id TEXT REFERENCES agent_profiles (id);
ALTER TABLE sessions ADD COLUMN campaign_id TEXT REFERENCES campaigns (id);
ALTER TABLE sessions ADD COLUMN expires_at TEXT;
ALTER TABLE sessions ADD COLUMN invitation_withheld INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN conductor TEXT NOT NULL DEFAULT 'built_in'
    CHECK (conductor IN ('built_in', 'outside_agent'));
ALTER TABLE sessions ADD COLUMN recording_url TEXT;
ALTER TABLE sessions ADD COLUMN scoring_waived INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_by_campaign ON sessions (organization_id, campaign_id, id)
    WHERE campaign_id IS NOT NULL;
-- These hold all that tells an open invitation from an expired one, so that counting needs no row.
CREATE INDEX sessions_by_standing
    ON sessions (organization_id, status, id, expires_at, invitation_withheld);
CREATE INDEX sessions_by_template_and_standing
    ON sessions (organization_id, template_id, status, id, expires_at, invitation_withheld);
CREATE INDEX sessions_by_campaign_and_standing
    ON sessions (organization_id, campaign_id, status, id, expires_at, invitation_withheld)
    WHERE campaign_id IS NOT NULL;

-- A candidate may be known before any template is chosen. SQLite cannot drop a NOT NULL otherwise
-- without rewriting every table that refers to this one.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
    SET sql = replace(
        sql, 'template_id TEXT NOT NULL REFERENCES', 'template_id TEXT REFERENCES'
    )
    WHERE type = 'table' AND name = 'participants';
PRAGMA writable_schema = RESET;
ALTER TABLE participants ADD COLUMN first_name TEXT;
ALTER TABLE participants ADD COLUMN last_name TEXT;
ALTER TABLE participants ADD COLUMN phone TEXT;
ALTER TABLE participants ADD COLUMN locale TEXT;
ALTER TABLE participants ADD COLUMN source TEXT;
ALTER TABLE participants ADD COLUMN resume_url TEXT;
CREATE UNIQUE INDEX participants_at_large ON participants (organization_id, email)
    WHERE template_id IS NULL;
CREATE INDEX participants_by_organization ON participants (organization_id, id);
CREATE INDEX participants_by_email ON participants (organization_id, email, id);
CREATE INDEX templates_by_status ON templates (organization_id, status, id);
