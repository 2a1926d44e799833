package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.Actor;

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

    /** As what the person acts on accounts: with a token of the tenant as its reseller, so that what the operator holds stays held. */
    Actor actor() {
        return new Actor(ofOperator ? Actor.Kind.ADMIN : Actor.Kind.RESELLER, subject, tokenId);
    }
}
