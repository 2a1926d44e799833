package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.connector.Connector;
import dev.octroi.db.Database;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.SecurityCheck;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Recognises partners by the certificate of their connection. TLS has checked it at the handshake; here it is checked again,
 * so a revocation also ends connections that are open and sessions that were resumed. The subject's name counts for nothing.
 */
public final class Partners implements SecurityCheck {
    private static final int MAX_REMEMBERED = 1_024;
    private static final Duration REMEMBER = Duration.ofSeconds(10);

    private final Database database;
    private final PartnerTrust trust;
    private final InstantSource clock;
    private final PartnerStore store = new PartnerStore();
    private final BoundedCache<Seen, Optional<Partner>> known;

    /** A certificate under one version of anchors and revocation lists. */
    private record Seen(Certificate leaf, long trustVersion) {}

    public Partners(Database database, PartnerTrust trust, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.known = new BoundedCache<>(MAX_REMEMBERED, clock);
    }

    /** Lets a partner pass that may do all of these operations, and puts it into the context; else 403. */
    @Override
    public Future<Void> check(RoutingContext ctx, List<String> operations) {
        List<X509Certificate> chain = chain(ctx);
        if (chain.isEmpty()) {
            return Future.failedFuture(forbidden("no_certificate"));
        }
        return find(chain).map(found -> {
            Partner partner = found.orElseThrow(() -> {
                // Nothing more is to be had on this connection.
                ctx.addEndHandler(ended -> ctx.request().connection().close());
                return forbidden("unknown_partner");
            });
            if (!partner.operations().containsAll(operations)) {
                throw forbidden("operation_not_allowed");
            }
            ctx.put(Partner.KEY, partner);
            return null;
        });
    }

    /** The partner that a chain belongs to; empty when the chain is not good or nobody is registered under its key. */
    public Future<Optional<Partner>> find(List<X509Certificate> chain) {
        Seen seen = new Seen(chain.getFirst(), trust.version());
        Optional<Partner> remembered = known.get(seen);
        if (remembered != null) {
            return Future.succeededFuture(remembered);
        }
        if (!(trust.check(chain) instanceof PartnerTrust.Verdict.Trusted trusted)) {
            return Future.succeededFuture(Optional.empty());
        }
        return store.byKey(database.workerPool(), Partner.keyHash(trusted.leaf()))
                .map(found -> {
                    // A certificate of one domain does not do what is registered for another.
                    Optional<Partner> partner = found.filter(row -> row.domain() == trusted.domain());
                    known.put(seen, partner, clock.instant().plus(REMEMBER));
                    return partner;
                });
    }

    /** All enabled partners of a domain, at most 1000. */
    public Future<List<Partner>> ofDomain(TrustDomain domain) {
        return store.ofDomain(database.workerPool(), domain);
    }

    /**
     * Registers a partner under the key of a certificate, or replaces the one of that name, in a worker transaction; gives
     * its number, which a replacement keeps.
     */
    public Future<Long> register(SqlConnection connection, Partner partner, X509Certificate certificate) {
        known.clear();
        return store.put(connection, partner, Partner.keyHash(certificate), clock.instant());
    }

    /**
     * Ends a partner, in a worker transaction: it is known no more, on other gateways within ten seconds, and told nothing. Registered
     * again under its name it keeps its number. Empty when there is no such partner.
     */
    public Future<Optional<Partner>> disable(SqlConnection connection, long id) {
        return store.disable(connection, id, clock.instant()).onComplete(done -> known.clear());
    }

    /** The tenant of the partner that a name is registered for, 0 for all; empty where there is none. */
    public Future<Optional<Integer>> tenantOf(SqlConnection connection, String name) {
        return store.tenantOf(connection, name);
    }

    /** An enabled partner. */
    public Future<Optional<Partner>> byId(SqlConnection connection, long id) {
        return store.byId(connection, id);
    }

    /** Replaces what holds for a partner on ES2+, in a worker transaction; empty when there is no such partner. */
    public Future<Optional<Partner>> replaceTerms(SqlConnection connection, long id, Es2Terms terms) {
        known.clear();
        return store.replaceTerms(connection, id, terms);
    }

    /** Replaces what holds for a partner that charges, in a worker transaction; empty when there is no such partner. */
    public Future<Optional<Partner>> replaceCharging(SqlConnection connection, long id, ChargingTerms terms) {
        known.clear();
        return store.replaceCharging(connection, id, terms);
    }

    /**
     * Replaces how a partner is told policies, in a worker transaction; empty when there is no such partner.
     *
     * @param secretSealed what the connector identifies itself with, sealed for its place; null: nothing
     */
    public Future<Optional<Partner>> replaceConnector(
            SqlConnection connection, long id, Connector connector, byte @Nullable [] secretSealed) {
        known.clear();
        return store.replaceConnector(connection, id, connector, secretSealed);
    }

    /** Whether the host of a URL was registered for a partner's notifications. */
    public Future<Boolean> notifiesAt(long id, String url) {
        String host = URI.create(url).getHost();
        return store.byId(database.workerPool(), id)
                .map(found -> found.map(partner ->
                                host != null && partner.charging().notifyHosts().contains(host))
                        .orElse(false));
    }

    /** Whether some partner calls under a {@code functionRequesterIdentifier}. */
    public Future<Boolean> isRequester(String requesterId) {
        return store.isRequester(database.workerPool(), requesterId);
    }

    private static List<X509Certificate> chain(RoutingContext ctx) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            List<Certificate> shown = ctx.request().connection().peerCertificates();
            // Null, and no exception, where the connection has no TLS at all.
            for (Certificate certificate : shown == null ? List.<Certificate>of() : shown) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException noCertificate) {
            return List.of();
        }
        return chain;
    }

    private static ProblemException forbidden(String code) {
        return Problem.of(ProblemType.FORBIDDEN).withCode(code).toException();
    }
}
