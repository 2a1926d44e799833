package dev.octroi.access;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The claims of a token that has the right form; its signature is another matter.
 *
 * @param keyId which key is said to have signed it
 * @param certificateHash the {@code cnf.x5t#S256} claim (RFC 8705 §3.1), base64url
 */
record TokenClaims(
        String keyId,
        String issuer,
        String audience,
        String subject,
        Instant issuedAt,
        Instant expiresAt,
        String tokenId,
        int tenantId,
        Set<String> scopes,
        Set<String> targets,
        OptionalLong subscriptionId,
        Optional<String> certificateHash) {
    Principal toPrincipal() {
        return new Principal(tenantId, subject, scopes, tokenId, targets, subscriptionId, expiresAt);
    }
}
