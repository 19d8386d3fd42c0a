-- An application whose interview broke off waits for nobody until there is another interview.
UPDATE applications
    SET status = 'approved', revision = revision + 1
    WHERE status = 'scheduled'
    AND EXISTS (
        SELECT 1 FROM sessions s
        WHERE s.participant_id = applications.participant_id
        AND s.template_id = applications.template_id AND s.status = 'failed'
    )
    AND NOT EXISTS (
        SELECT 1 FROM sessions s
        WHERE s.participant_id = applications.participant_id
        AND s.template_id = applications.template_id AND s.status = 'scheduled'
    );
