package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

/**
 * Who does something with a change.
 *
 * @param subject of the token
 * @param tokenId the token's {@code jti}
 * @param ofOperator whether the token is the operator's, who may do what a tenant may and more
 */
public record Person(String subject, String tokenId, boolean ofOperator) {
    public Person {
        requireNonNull(subject, "subject is null");
        requireNonNull(tokenId, "tokenId is null");
    }

    /** Somebody of the tenant. */
    public Person(String subject, String tokenId) {
        this(subject, tokenId, false);
    }
}
