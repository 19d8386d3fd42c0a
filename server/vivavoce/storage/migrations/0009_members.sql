-- An address is unique within its organization: one person may work for several of them.
CREATE TABLE members_by_organization (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'recruiter', 'reviewer', 'viewer')),
    password_hash TEXT NOT NULL, -- empty until the invitation is accepted
    created_at TEXT NOT NULL,
    accepted_at TEXT,
    deactivated_at TEXT,
    invitation_hash BLOB UNIQUE,
    invitation_expires_at TEXT,
    revision INTEGER NOT NULL DEFAULT 1,
    UNIQUE (organization_id, email)
) STRICT;
INSERT INTO members_by_organization
    (id, organization_id, email, name, role, password_hash, created_at, accepted_at)
    SELECT id, organization_id, email, name, role, password_hash, created_at, created_at
    FROM members;
DROP TABLE members;
ALTER TABLE members_by_organization RENAME TO members;
CREATE INDEX members_in_order ON members (organization_id, id);

CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id),
    hash BLOB NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sign_ins_by_member ON sign_ins (member_id, id);
