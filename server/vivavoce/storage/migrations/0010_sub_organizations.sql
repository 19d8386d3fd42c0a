ALTER TABLE organizations ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
CREATE INDEX organizations_by_parent ON organizations (parent_id, id) WHERE parent_id IS NOT NULL;
