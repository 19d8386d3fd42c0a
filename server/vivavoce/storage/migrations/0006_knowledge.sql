CREATE TABLE knowledge_stores (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
CREATE INDEX knowledge_stores_by_organization ON knowledge_stores (organization_id, id);

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    store_id TEXT REFERENCES knowledge_stores (id),
    participant_id TEXT REFERENCES participants (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    pages INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    source_url TEXT,
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    CHECK ((store_id IS NULL) <> (participant_id IS NULL))
) STRICT;
CREATE INDEX documents_by_store ON documents (store_id, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX documents_by_participant ON documents (participant_id)
    WHERE participant_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE document_chunks (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id),
    number INTEGER NOT NULL,
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (document_id, number)
) STRICT;

-- Two indexes over the same text: words where there are blanks between them, runs of three
-- characters where there are none. Both hold no text of their own and follow the table.
CREATE VIRTUAL TABLE chunk_words USING fts5 (
    text, content = 'document_chunks', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE chunk_runs USING fts5 (
    text, content = 'document_chunks', content_rowid = 'id', tokenize = 'trigram'
);
CREATE TRIGGER document_chunks_added AFTER INSERT ON document_chunks BEGIN
    INSERT INTO chunk_words (rowid, text) VALUES (new.id, new.text);
    INSERT INTO chunk_runs (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER document_chunks_removed AFTER DELETE ON document_chunks BEGIN
    INSERT INTO chunk_words (chunk_words, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO chunk_runs (chunk_runs, rowid, text) VALUES ('delete', old.id, old.text);
END;

-- Little-endian float32; vectors of different models say nothing about each other.
CREATE TABLE chunk_vectors (
    chunk_id INTEGER NOT NULL REFERENCES document_chunks (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (chunk_id, model)
) STRICT, WITHOUT ROWID;

-- One for each participant with the address of a résumé; `next_attempt_at` is null when it is due.
CREATE TABLE resume_fetches (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    url TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    failures INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    error TEXT
) STRICT;
CREATE INDEX resume_fetches_waiting ON resume_fetches (next_attempt_at) WHERE state = 'waiting';
INSERT INTO resume_fetches (participant_id, organization_id, url, state)
    SELECT id, organization_id, resume_url, 'waiting' FROM participants
    WHERE resume_url IS NOT NULL AND deleted_at IS NULL;
