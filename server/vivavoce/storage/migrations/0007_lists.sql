-- Lists at full size: every filter walks one index in the order of its pages, and counting reads
-- nothing else. Columns after `id` are there for that alone.
DROP INDEX sessions_by_template;
DROP INDEX sessions_by_template_and_standing;
DROP INDEX sessions_by_campaign;
DROP INDEX sessions_by_campaign_and_standing;
CREATE INDEX sessions_by_stage ON sessions (organization_id, stage, id, status);
CREATE INDEX sessions_by_template ON sessions (organization_id, template_id, id, stage);
CREATE INDEX sessions_by_template_and_standing ON sessions
    (organization_id, template_id, status, id, expires_at, invitation_withheld, stage);
CREATE INDEX sessions_by_campaign ON sessions (organization_id, campaign_id, id, template_id)
    WHERE campaign_id IS NOT NULL;
CREATE INDEX sessions_by_campaign_and_standing ON sessions
    (organization_id, campaign_id, status, id, template_id, expires_at, invitation_withheld)
    WHERE campaign_id IS NOT NULL;

DROP INDEX participants_by_organization;
CREATE INDEX participants_present ON participants (organization_id, id, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX participants_erased ON participants (organization_id, id, deleted_at)
    WHERE deleted_at IS NOT NULL;

DROP INDEX applications_by_template;
CREATE INDEX applications_by_template ON applications (organization_id, template_id, id, status);
CREATE INDEX applications_of_template ON applications
    (organization_id, template_id, participant_id);
CREATE INDEX applications_by_participant ON applications (participant_id, id);

DROP INDEX embed_keys_by_organization;
CREATE INDEX embed_keys_by_organization ON embed_keys (organization_id, created_at DESC, id)
    WHERE revoked_at IS NULL;

DROP INDEX webhook_deliveries_by_endpoint;
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries
    (organization_id, endpoint_id, number);
CREATE INDEX webhook_deliveries_by_endpoint_and_status ON webhook_deliveries
    (organization_id, endpoint_id, status, number);
CREATE INDEX webhook_deliveries_by_event_name ON webhook_deliveries
    (organization_id, event, number, endpoint_id);
CREATE INDEX webhook_deliveries_by_event_name_and_status ON webhook_deliveries
    (organization_id, event, status, number, endpoint_id);
