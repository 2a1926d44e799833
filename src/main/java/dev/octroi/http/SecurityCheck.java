package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Decides whether a request may use an operation, before anything of its body is read.
 *
 * <p>Succeeds after having put the caller into the context, or fails with a {@link ProblemException} of status 401 or
 * 403.
 */
@FunctionalInterface
public interface SecurityCheck {

    /** Checks the credential of a request against the scopes that the contract names for the operation. */
    Future<Void> check(RoutingContext ctx, List<String> scopes);
}
