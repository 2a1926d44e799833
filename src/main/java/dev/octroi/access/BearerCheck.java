package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.SecurityCheck;
import dev.octroi.secret.Sha256;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Checks the bearer credential of a request (RFC 6750), an access token, and puts the {@link Principal} into the context. No credential
 * and one that is not valid answer 401 without saying why; a valid one that lacks a scope answers 403. No check asks the database, so
 * that guesses cost little.
 */
public final class BearerCheck implements SecurityCheck {
    private static final String REALM = "Bearer realm=\"octroi\"";

    private final TokenVerifier tokens;

    public BearerCheck(TokenVerifier tokens) {
        this.tokens = requireNonNull(tokens, "tokens is null");
    }

    @Override
    public Future<Void> check(RoutingContext ctx, List<String> scopes) {
        return principal(ctx).map(principal -> {
            principal.require(scopes);
            ctx.put(Principal.KEY, principal);
            return null;
        });
    }

    private Future<Principal> principal(RoutingContext ctx) {
        List<String> headers = ctx.request().headers().getAll("authorization");
        if (headers.isEmpty()) {
            return Future.failedFuture(unauthenticated(REALM));
        }
        String header = headers.getFirst();
        if (headers.size() != 1 || header.length() < 8 || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Future.failedFuture(invalid());
        }
        return tokens.claims(header.substring(7))
                .recover(refused -> Future.failedFuture(invalid()))
                .map(claims -> {
                    requireBinding(ctx, claims.certificateHash());
                    return claims.toPrincipal();
                });
    }

    /** A token that is bound to a certificate is good only on a connection that shows it (RFC 8705 §3). */
    private static void requireBinding(RoutingContext ctx, Optional<String> bound) {
        if (bound.isEmpty()) {
            return;
        }
        try {
            // Null, and no exception, where the connection has no TLS at all.
            List<Certificate> shown = ctx.request().connection().peerCertificates();
            if (shown == null || shown.isEmpty()) {
                throw invalid();
            }
            String hash = Base64Url.encode(Sha256.of(shown.getFirst().getEncoded()));
            if (!hash.equals(bound.get())) {
                throw invalid();
            }
        } catch (SSLPeerUnverifiedException e) {
            throw invalid();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate without an encoding", e);
        }
    }

    private static ProblemException invalid() {
        return unauthenticated(REALM + ", error=\"invalid_token\"");
    }

    private static ProblemException unauthenticated(String challenge) {
        return new ProblemException(
                Problem.of(ProblemType.UNAUTHENTICATED),
                Map.of("WWW-Authenticate", challenge, "Cache-Control", "no-store"));
    }
}
