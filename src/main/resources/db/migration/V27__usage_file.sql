-- Files of usage records: which were counted to their end, so that the same content is not read twice and gaps are seen.
CREATE TABLE usage_file (
    source      text        NOT NULL,
    digest      bytea       NOT NULL CHECK (length(digest) = 32),
    name        text        NOT NULL CHECK (length(name) <= 255),
    stream      text,
    sequence    bigint,
    size_bytes  bigint      NOT NULL,
    counted     bigint      NOT NULL DEFAULT 0,
    duplicate   bigint      NOT NULL DEFAULT 0,
    quarantined bigint      NOT NULL DEFAULT 0,
    rejected    bigint      NOT NULL DEFAULT 0,
    finished_at timestamptz NOT NULL,
    PRIMARY KEY (source, digest)
);
CREATE INDEX usage_file_sequence ON usage_file (source, stream, sequence) WHERE sequence IS NOT NULL;
GRANT SELECT, INSERT ON usage_file TO octroi_worker;
