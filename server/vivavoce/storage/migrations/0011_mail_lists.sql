-- Each filter of the outbox, and the two that come together, in the order of the list.
CREATE INDEX mail_by_kind ON mail (organization_id, kind, number);
CREATE INDEX mail_by_status_and_kind ON mail (organization_id, status, kind, number);
CREATE INDEX mail_by_its_session ON mail (organization_id, session_id, number);
CREATE INDEX mail_by_its_participant ON mail (organization_id, participant_id, number);
