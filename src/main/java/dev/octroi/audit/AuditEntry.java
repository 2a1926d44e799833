package dev.octroi.audit;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sha256;
import dev.octroi.telemetry.Redaction;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was done. No part may hold an ICCID, EID, IMSI or another identifier of a person in clear: objects are
 * named by their public id.
 *
 * @param tenantId the tenant in whose chain it stands, 0 for what concerns the whole installation
 * @param at when
 * @param actor who: a token's subject, {@code partner:NAME}, {@code traveller}, or {@code system}
 * @param action what, dotted: {@code policy.decided}, {@code rule.changed}
 * @param objectId on what, a public id such as {@code acct_…}
 * @param reason why, a code or a sentence for people
 * @param before the state before, as JSON members; null when there was none
 * @param after the state after, as JSON members; null when there is none
 * @param tokenId the {@code jti} of the token that was used, null without one
 */
public record AuditEntry(
        int tenantId,
        Instant at,
        String actor,
        String action,
        String objectId,
        @Nullable String reason,
        @Nullable Map<String, ?> before,
        @Nullable Map<String, ?> after,
        @Nullable String tokenId) {
    private static final int MAX_STATE_LENGTH = 12_288;
    private static final int MAX_LENGTH = 32_768;
    private static final String SEQ = "\"seq\":";

    public AuditEntry {
        requireNonNull(at, "at is null");
        requireNonNull(actor, "actor is null");
        requireNonNull(action, "action is null");
        requireNonNull(objectId, "objectId is null");
        if (tenantId < 0) {
            throw new IllegalArgumentException("tenantId is negative");
        }
    }

    /**
     * The canonical JSON in two parts; the sequence number, which the database gives, belongs between them. What people wrote is
     * blackened once more: nothing can be taken out of a chain.
     */
    Parts parts() {
        Map<String, @Nullable Object> early = new TreeMap<>();
        early.put("action", action);
        early.put("actor", actor);
        early.put("after", bounded(after));
        early.put("at", at);
        early.put("before", bounded(before));
        early.put("objectId", objectId);
        early.put("reason", reason == null ? null : Redaction.redact(reason));
        Map<String, @Nullable Object> late = new TreeMap<>();
        late.put("tenant", tenantId);
        late.put("tokenId", tokenId);
        String first = CanonicalJson.write(early);
        String second = CanonicalJson.write(late);
        if (first.length() + second.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("audit entry is longer than " + MAX_LENGTH);
        }
        return new Parts(first.substring(0, first.length() - 1) + "," + SEQ, "," + second.substring(1));
    }

    /** A state too large for the log is represented by its hash, so that the change is still made and recorded. */
    private static @Nullable Object bounded(@Nullable Map<String, ?> state) {
        String json = CanonicalJson.write(state);
        if (json.length() <= MAX_STATE_LENGTH) {
            return state;
        }
        return Map.of("length", json.length(), "sha256", HexFormat.of().formatHex(Sha256.of(json)));
    }

    record Parts(String before, String after) {}
}
