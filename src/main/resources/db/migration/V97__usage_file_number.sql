-- The numbers of usage files that came, so that gaps are seen: also of files whose content came before under another number.
-- A number that has begun anew (99999 is followed by 00001) stands at a place of its own.
CREATE TABLE usage_file_number (
    source  text        NOT NULL,
    stream  text        NOT NULL,
    place   bigint      NOT NULL,
    digits  smallint    NOT NULL CHECK (digits BETWEEN 1 AND 18),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (source, stream, place)
);
CREATE INDEX usage_file_number_seen ON usage_file_number (source, seen_at);
GRANT SELECT, INSERT, DELETE ON usage_file_number TO octroi_worker;

-- Of what came before: the newest of each stream. What is far beyond the newest one is of the round before.
INSERT INTO usage_file_number (source, stream, place, digits, seen_at)
SELECT source, stream,
       CASE WHEN digits >= 3 AND sequence - head > (10::numeric ^ digits)::bigint / 2
            THEN sequence - (10::numeric ^ digits)::bigint ELSE sequence END,
       digits, finished_at
FROM (SELECT source, stream, sequence, finished_at,
             length(substring(lower(name) from '([0-9]{1,18})\.csv(?:\.gz)?$')) AS digits,
             first_value(sequence) OVER newest AS head,
             row_number() OVER newest AS age
      FROM usage_file
      WHERE sequence IS NOT NULL AND finished_at > now() - interval '60 days'
      WINDOW newest AS (PARTITION BY source, stream ORDER BY finished_at DESC)) AS numbered
WHERE age <= 500 AND digits IS NOT NULL
ON CONFLICT DO NOTHING;
