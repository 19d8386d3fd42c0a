-- What candidates do by hand: a typed answer (then `button` is null), or a button.
CREATE TABLE wishes (
    number INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    id TEXT NOT NULL, -- the client's own
    at_ms INTEGER NOT NULL,
    button TEXT,
    text TEXT NOT NULL,
    UNIQUE (session_id, id)
) STRICT;

-- Null where the client named none.
ALTER TABLE signals ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX signals_by_client_id ON signals (session_id, client_id)
    WHERE client_id IS NOT NULL;
