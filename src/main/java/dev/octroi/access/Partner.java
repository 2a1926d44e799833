package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.connector.Connector;
import dev.octroi.pki.TrustDomain;
import dev.octroi.secret.Sha256;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A machine behind mutual TLS.
 *
 * @param tenantId the tenant that it serves; 0 for all
 * @param id internal number
 * @param domain the trust domain that its certificate has to come from
 * @param name for people and for the audit log
 * @param operations what it may do, as the contracts name it: {@code usage:report}, {@code location:report}
 * @param imsiPrefixes beginnings of the IMSIs that it may speak for, at least a PLMN; empty: all
 * @param callbackUrl where its policy callbacks or its ES2+ progress go; for a network the short form of a connector
 * @param es2 what holds for it on ES2+
 * @param charging what holds for it on the charging interfaces of 3GPP
 * @param connector how it is told policies, where an address alone does not say it
 */
public record Partner(
        int tenantId,
        long id,
        TrustDomain domain,
        String name,
        Set<String> operations,
        List<String> imsiPrefixes,
        Optional<String> callbackUrl,
        Es2Terms es2,
        ChargingTerms charging,
        Optional<Connector> connector) {
    /** Where a passed check puts the partner into the context. */
    public static final String KEY = "octroi.partner";

    public Partner {
        requireNonNull(domain, "domain is null");
        requireNonNull(name, "name is null");
        requireNonNull(es2, "es2 is null");
        requireNonNull(charging, "charging is null");
        requireNonNull(connector, "connector is null");
        operations = Set.copyOf(operations);
        imsiPrefixes = List.copyOf(imsiPrefixes);
    }

    /** A partner that charges as the standard has it, if it does. */
    public Partner(
            int tenantId,
            long id,
            TrustDomain domain,
            String name,
            Set<String> operations,
            List<String> imsiPrefixes,
            Optional<String> callbackUrl,
            Es2Terms es2) {
        this(
                tenantId,
                id,
                domain,
                name,
                operations,
                imsiPrefixes,
                callbackUrl,
                es2,
                ChargingTerms.STANDARD,
                Optional.empty());
    }

    /** A partner without terms on ES2+. */
    public Partner(
            int tenantId,
            long id,
            TrustDomain domain,
            String name,
            Set<String> operations,
            List<String> imsiPrefixes,
            Optional<String> callbackUrl) {
        this(tenantId, id, domain, name, operations, imsiPrefixes, callbackUrl, Es2Terms.NONE);
    }

    /** The same under another number. */
    public Partner withId(long other) {
        return new Partner(
                tenantId, other, domain, name, operations, imsiPrefixes, callbackUrl, es2, charging, connector);
    }

    /** How it is told policies, whichever way that was said; empty: not at all. */
    public Optional<Connector> told() {
        return domain == TrustDomain.NETWORK
                ? connector.or(() -> callbackUrl.flatMap(Connector::ofUrl))
                : Optional.empty();
    }

    /** The partner of a request whose certificate was checked. */
    public static Partner of(RoutingContext ctx) {
        return requireNonNull(ctx.<Partner>get(KEY), "no certificate was checked");
    }

    /** Whether it may report on a subscriber of this IMSI (ITU-T E.212, digits). */
    public boolean covers(String imsi) {
        return imsiPrefixes.isEmpty() || imsiPrefixes.stream().anyMatch(imsi::startsWith);
    }

    /** Whether it serves a tenant. */
    public boolean serves(int tenant) {
        return tenantId == 0 || tenantId == tenant;
    }

    /** By this a partner is known: SHA-256 of its public key (SubjectPublicKeyInfo), 32 bytes; renewals keep it. */
    public static byte[] keyHash(X509Certificate certificate) {
        return Sha256.of(certificate.getPublicKey().getEncoded());
    }
}
