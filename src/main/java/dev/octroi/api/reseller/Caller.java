package dev.octroi.api.reseller;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.http.ApiCall;
import dev.octroi.quota.account.Actor;

/**
 * Who calls, as the token says.
 *
 * @param tenantId the tenant, which no request can choose
 * @param clientId the client that got the token
 * @param tokenId the token's {@code jti}, for the audit
 */
record Caller(int tenantId, String clientId, String tokenId) {
    Caller {
        requireNonNull(clientId, "clientId is null");
        requireNonNull(tokenId, "tokenId is null");
    }

    /** The caller whose credential was checked. */
    static Caller of(ApiCall call) {
        Principal principal = Principal.of(call.context());
        return new Caller(principal.tenantId(), principal.subject(), principal.tokenId());
    }

    Actor actor() {
        return new Actor(Actor.Kind.RESELLER, clientId, tokenId);
    }
}
