CREATE TABLE instance (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    agent_secret_hash BLOB NOT NULL,
    parent_id TEXT REFERENCES organizations (id),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE members (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    last_used_at TEXT,
    revoked_at TEXT
) STRICT;

CREATE TABLE agent_profiles (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    rubric_version INTEGER NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX agent_profiles_by_organization ON agent_profiles (organization_id, id);

-- Never updated: a session keeps the version it ran with.
CREATE TABLE rubric_versions (
    agent_profile_id TEXT NOT NULL REFERENCES agent_profiles (id),
    version INTEGER NOT NULL,
    dimensions TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (agent_profile_id, version)
) STRICT;

CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    slug TEXT NOT NULL UNIQUE,
    agent_profile_id TEXT NOT NULL REFERENCES agent_profiles (id),
    status TEXT NOT NULL,
    visibility TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX templates_by_organization ON templates (organization_id, id);

CREATE TABLE stages (
    id TEXT PRIMARY KEY,
    template_id TEXT NOT NULL REFERENCES templates (id),
    agent_profile_id TEXT NOT NULL REFERENCES agent_profiles (id),
    name TEXT NOT NULL,
    stage TEXT NOT NULL,
    stage_type TEXT NOT NULL,
    stage_order INTEGER NOT NULL,
    UNIQUE (template_id, stage_order)
) STRICT;

CREATE TABLE participants (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    name TEXT NOT NULL,
    email TEXT,
    external_id TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (template_id, email),
    UNIQUE (template_id, external_id)
) STRICT;

CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (participant_id, template_id)
) STRICT;

CREATE TABLE embed_keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    allowed_origins TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

-- Kept readable, because verifying a site's signature needs the secret itself.
CREATE TABLE embed_signing_keys (
    embed_id TEXT NOT NULL REFERENCES embed_keys (id),
    number INTEGER NOT NULL,
    secret TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (embed_id, number)
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    template_id TEXT NOT NULL REFERENCES templates (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    stage_id TEXT REFERENCES stages (id),
    stage TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('scheduled', 'in_progress', 'completed', 'failed', 'cancelled')),
    language TEXT NOT NULL,
    channel TEXT NOT NULL,
    rubric_version INTEGER NOT NULL,
    embed_id TEXT REFERENCES embed_keys (id),
    external_id TEXT,
    return_url TEXT,
    meta TEXT NOT NULL,
    created_at TEXT NOT NULL,
    scheduled_at TEXT,
    started_at TEXT,
    ended_at TEXT,
    disconnected_at TEXT,
    duration_ms INTEGER,
    failure_reason TEXT,
    recording_path TEXT
) STRICT;
CREATE INDEX sessions_by_organization ON sessions (organization_id, id);
CREATE INDEX sessions_by_participant ON sessions (participant_id, id);
CREATE INDEX sessions_waiting ON sessions (disconnected_at) WHERE status = 'in_progress';

CREATE TABLE turns (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT;

CREATE TABLE signals (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX signals_by_session ON signals (session_id, id);

CREATE TABLE turn_ledgers (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    turn INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (session_id, turn)
) STRICT;

CREATE TABLE scorecards (
    session_id TEXT PRIMARY KEY REFERENCES sessions (id),
    content TEXT NOT NULL,
    scored_at TEXT NOT NULL
) STRICT;

CREATE TABLE consents (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    policy_version TEXT NOT NULL,
    items TEXT NOT NULL,
    locale TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (session_id, policy_version)
) STRICT;

-- The first exchange of a link binds it to a session; it is never burnt.
CREATE TABLE launch_bindings (
    issuer TEXT NOT NULL,
    jti TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    bound_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (issuer, jti)
) STRICT;

CREATE TABLE tickets (
    hash BLOB PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE popout_codes (
    hash BLOB PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    expires_at TEXT NOT NULL
) STRICT;

-- At most two live per session: the newest, and the one before it until the newest is used.
CREATE TABLE resume_handles (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    session_id TEXT NOT NULL REFERENCES sessions (id)
) STRICT;
CREATE INDEX resume_handles_by_session ON resume_handles (session_id, id);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    event TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    payload TEXT NOT NULL,
    claimed_until TEXT,
    settled_at TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE settled_at IS NULL;
