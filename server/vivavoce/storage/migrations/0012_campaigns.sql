-- Campaigns can be changed and removed; the interviews that were ordered in them stay.
ALTER TABLE campaigns ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE campaigns ADD COLUMN deleted_at TEXT;
DROP INDEX campaigns_by_organization;
CREATE INDEX campaigns_by_organization ON campaigns (organization_id, id)
    WHERE deleted_at IS NULL;

-- Sessions of a campaign can be listed by their stage as well.
DROP INDEX sessions_by_campaign;
DROP INDEX sessions_by_campaign_and_standing;
CREATE INDEX sessions_by_campaign
    ON sessions (organization_id, campaign_id, id, template_id, stage)
    WHERE campaign_id IS NOT NULL;
CREATE INDEX sessions_by_campaign_and_standing ON sessions
    (organization_id, campaign_id, status, id, template_id, stage, expires_at, invitation_withheld)
    WHERE campaign_id IS NOT NULL;
