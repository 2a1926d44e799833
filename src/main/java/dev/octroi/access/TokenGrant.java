package dev.octroi.access;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a token is to say.
 *
 * @param tenantId 0 for the operator of the installation
 * @param subject the client id or a person's login
 * @param targets see {@link Principal#targets()}
 * @param certificateHash the certificate that the token is bound to, base64url of SHA-256 (RFC 8705)
 */
public record TokenGrant(
        int tenantId,
        String subject,
        Set<String> scopes,
        Set<String> targets,
        OptionalLong subscriptionId,
        Optional<String> certificateHash) {
    public TokenGrant {
        scopes = Set.copyOf(scopes);
        targets = Set.copyOf(targets);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("a token without a scope allows nothing");
        }
    }

    /** A grant with scopes and nothing more. */
    public static TokenGrant of(int tenantId, String subject, Set<String> scopes) {
        return new TokenGrant(tenantId, subject, scopes, Set.of(), OptionalLong.empty(), Optional.empty());
    }
}
