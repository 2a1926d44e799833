package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

/**
 * Who does something with a change.
 *
 * @param subject of the token
 * @param tokenId the token's {@code jti}
 */
public record Person(String subject, String tokenId) {
    public Person {
        requireNonNull(subject, "subject is null");
        requireNonNull(tokenId, "tokenId is null");
    }
}
