-- What the native API adds to the pipeline. `revision` counts every change of a row, for optimistic
-- concurrency; `deleted_at` hides a row that the history of sessions still needs.
ALTER TABLE agent_profiles ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE agent_profiles ADD COLUMN deleted_at TEXT;
-- How a version scores, beside what it rates; null in versions that are older than this column.
ALTER TABLE rubric_versions ADD COLUMN scoring TEXT;

ALTER TABLE templates ADD COLUMN deleted_at TEXT;
-- What a template was before each change: an interview goes on as it began, and is scored so.
CREATE TABLE template_versions (
    template_id TEXT NOT NULL REFERENCES templates (id),
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (template_id, revision)
) STRICT;

ALTER TABLE stages ADD COLUMN duration_minutes INTEGER;
ALTER TABLE stages ADD COLUMN pass_threshold REAL;
ALTER TABLE stages ADD COLUMN allow_retake INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stages ADD COLUMN automation_rule TEXT NOT NULL DEFAULT 'none'
    CHECK (automation_rule IN ('none', 'auto_advance', 'require_reviewer_approval'));
ALTER TABLE stages ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE stages ADD COLUMN deleted_at TEXT;

ALTER TABLE participants ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
ALTER TABLE participants ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE participants ADD COLUMN deleted_at TEXT;
CREATE INDEX participants_by_external_id ON participants (organization_id, external_id, id);

CREATE TABLE participant_tags (
    participant_id TEXT NOT NULL REFERENCES participants (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (organization_id, tag, participant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_tags_by_participant ON participant_tags (participant_id);

ALTER TABLE applications ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE applications ADD COLUMN decided_at TEXT;
ALTER TABLE applications ADD COLUMN decided_by TEXT;
ALTER TABLE applications ADD COLUMN decision_note TEXT;
CREATE INDEX applications_by_organization ON applications (organization_id, id);
CREATE INDEX applications_by_status ON applications (organization_id, status, id);
CREATE INDEX applications_by_template ON applications (organization_id, template_id, id);

ALTER TABLE sessions ADD COLUMN template_revision INTEGER; -- null until it has begun
ALTER TABLE sessions ADD COLUMN idempotency_key TEXT;
ALTER TABLE sessions ADD COLUMN timezone TEXT;
ALTER TABLE sessions ADD COLUMN notes TEXT;
CREATE UNIQUE INDEX sessions_by_idempotency_key ON sessions (organization_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX sessions_by_template ON sessions (organization_id, template_id, id);
CREATE INDEX sessions_by_external_id ON sessions (organization_id, external_id, id)
    WHERE external_id IS NOT NULL;

ALTER TABLE embed_keys ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
CREATE INDEX embed_keys_by_organization ON embed_keys (organization_id, created_at);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id);
