package dev.octroi.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks one chain row by row and remembers the first thing that is wrong with it. */
final class ChainCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int tenantId;
    private final @Nullable Anchor anchor;
    private long lastSeq;
    private byte[] lastHash;
    private @Nullable AuditFinding finding;

    /** A walk from the start of a chain; the anchor is what was last exported, absent without one. */
    ChainCheck(int tenantId, @Nullable Anchor anchor) {
        this(tenantId, anchor, 0, new byte[0]);
    }

    /** A walk that goes on after a row that was checked before. */
    ChainCheck(int tenantId, @Nullable Anchor anchor, long lastSeq, byte[] lastHash) {
        this.tenantId = tenantId;
        this.anchor = anchor;
        this.lastSeq = lastSeq;
        this.lastHash = lastHash.clone();
    }

    int tenantId() {
        return tenantId;
    }

    long lastSeq() {
        return lastSeq;
    }

    byte[] lastHash() {
        return lastHash.clone();
    }

    boolean isBroken() {
        return finding != null;
    }

    /** Takes the next row; rows after the first bad one are not looked at. */
    void accept(AuditRow row) {
        if (finding != null) {
            return;
        }
        if (row.seq() != lastSeq + 1) {
            find(lastSeq + 1, "row is missing");
        } else if (!Arrays.equals(row.prev(), lastHash)) {
            find(row.seq(), "row does not follow the one before");
        } else if (!Arrays.equals(row.hash(), row.expectedHash())) {
            find(row.seq(), "row was changed");
        } else if (!namesItself(row)) {
            find(row.seq(), "row stands in the place of another");
        } else if (anchor != null && anchor.seq() == row.seq() && !Arrays.equals(anchor.hash(), row.hash())) {
            find(row.seq(), "chain was written anew up to the exported head");
        } else {
            lastSeq = row.seq();
            lastHash = row.hash();
        }
    }

    /** The end of the chain: compares it with the head that the database and the exported file remember. */
    Optional<AuditFinding> end(AuditHead head) {
        if (finding == null && anchor != null && anchor.seq() > lastSeq) {
            find(lastSeq + 1, "rows up to " + anchor.seq() + " were exported and are gone");
        }
        if (finding == null && head.seq() > lastSeq) {
            find(lastSeq + 1, "rows up to " + head.seq() + " are gone");
        }
        if (finding == null && (head.seq() < lastSeq || !Arrays.equals(head.hash(), lastHash))) {
            find(Math.max(1, Math.min(head.seq() + 1, lastSeq)), "head does not match the last row");
        }
        return Optional.ofNullable(finding);
    }

    private static boolean namesItself(AuditRow row) {
        try {
            JsonNode entry = JSON.readTree(row.entry());
            return entry.path("seq").asLong(-1) == row.seq()
                    && entry.path("tenant").asInt(-1) == row.tenantId();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }

    private void find(long seq, String what) {
        finding = new AuditFinding(tenantId, seq, what);
    }
}
