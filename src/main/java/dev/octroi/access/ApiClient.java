package dev.octroi.access;

import java.util.Optional;
import java.util.Set;

/**
 * A machine client of a tenant.
 *
 * @param tenantId whose client
 * @param clientId {@code cli_} and 16 characters
 * @param scopes the most that a token of it may carry
 * @param targets see {@link Principal#targets()}
 * @param certificateHash the certificate that its tokens are bound to, base64url of SHA-256
 * @param secret how its secret is stored
 * @param previous how the secret before is stored, while that is good as well
 */
record ApiClient(
        int tenantId,
        String clientId,
        Set<String> scopes,
        Set<String> targets,
        Optional<String> certificateHash,
        SecretHash secret,
        Optional<SecretHash> previous) {}
