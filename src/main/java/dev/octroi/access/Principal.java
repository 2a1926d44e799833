package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The caller of an operation, taken from the credential and from nothing else.
 *
 * @param tenantId the tenant; 0 for the operator of the installation
 * @param subject who, for the audit log: a client id or a person's login
 * @param scopes what the credential allows
 * @param tokenId the {@code jti} of the token
 * @param targets what a change of policy may touch, see {@link Targets}; empty: everything the scopes allow
 * @param subscriptionId the one subscription that a traveller's credential is bound to
 * @param expiresAt when the credential ends; streams end then
 */
public record Principal(
        int tenantId,
        String subject,
        Set<String> scopes,
        String tokenId,
        Set<String> targets,
        OptionalLong subscriptionId,
        Instant expiresAt) {
    /** Where a passed check puts the caller into the context. */
    public static final String KEY = "octroi.principal";

    /** The tenant number in the tokens of the operator of the installation. */
    public static final int OPERATOR = 0;

    public Principal {
        requireNonNull(subject, "subject is null");
        requireNonNull(tokenId, "tokenId is null");
        scopes = Set.copyOf(scopes);
        targets = Set.copyOf(targets);
    }

    /** The caller of a request whose credential was checked. */
    public static Principal of(RoutingContext ctx) {
        return requireNonNull(ctx.<Principal>get(KEY), "no credential was checked");
    }

    /** Whether the credential carries a scope. */
    public boolean has(String scope) {
        return scopes.contains(scope);
    }

    /** Refuses with 403 when the credential lacks one of these scopes. */
    public void require(Iterable<String> needed) {
        for (String scope : needed) {
            if (!has(scope)) {
                throw new ProblemException(
                        Problem.of(ProblemType.FORBIDDEN).withCode("insufficient_scope"),
                        Map.of(
                                "WWW-Authenticate",
                                "Bearer realm=\"octroi\", error=\"insufficient_scope\", scope=\""
                                        + String.join(" ", needed) + "\""));
            }
        }
    }
}
