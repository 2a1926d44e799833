package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who this server is and whom it believes.
 *
 * @param address the SM-DP+ address as activation codes carry it: host name, with a port where it is not 443
 * @param credentials at least one, in order of preference
 * @param issuers the issuers whose cards are believed, at least one
 * @param retired credentials that begin no session any more; sessions that began with them end with them
 */
public record ServerIdentity(
        String address,
        List<ServerCredential> credentials,
        List<TrustedIssuer> issuers,
        List<ServerCredential> retired) {
    public ServerIdentity {
        requireNonNull(address, "address is null");
        retired = List.copyOf(retired);
        credentials = List.copyOf(credentials);
        issuers = List.copyOf(issuers);
        if (credentials.isEmpty() || issuers.isEmpty()) {
            throw new IllegalArgumentException("a server needs a credential and an issuer to believe");
        }
    }

    /** A server that has not changed its certificates. */
    public ServerIdentity(String address, List<ServerCredential> credentials, List<TrustedIssuer> issuers) {
        this(address, credentials, issuers, List.of());
    }

    /** The curve that the card of a session is expected to prove itself on; empty when its issuer is not believed any more. */
    public Optional<Curve> cardCurve(RspSession session) {
        return issuers.stream()
                .filter(issuer -> issuer.keyId().equals(session.issuerKeyId()))
                .findFirst()
                .map(issuer -> issuer.certificate().curve());
    }

    /** The first of the card's key identifiers, in the card's order, under which this server has certificates. */
    Optional<ServerCredential> credentialFor(List<ByteBuffer> keyIds) {
        return keyIds.stream().flatMap(id -> under(id).stream()).findFirst();
    }

    private Optional<ServerCredential> under(ByteBuffer issuerKeyId) {
        return credentials.stream()
                .filter(credential -> credential.issuerKeyId().equals(issuerKeyId))
                .findFirst();
    }

    /** The credential that a session began with, in use or retired, by {@link ServerCredential#name()}. */
    public Optional<ServerCredential> credential(ByteBuffer name) {
        return Stream.concat(credentials.stream(), retired.stream())
                .filter(credential -> credential.isNamed(name))
                .findFirst();
    }

    /** The first of the card's key identifiers, in the card's order, whose cards this server believes. */
    Optional<TrustedIssuer> issuerFor(List<ByteBuffer> keyIds) {
        return keyIds.stream().flatMap(id -> issuer(id).stream()).findFirst();
    }

    /** The issuer with the key identifier, if it is believed. */
    public Optional<TrustedIssuer> issuer(ByteBuffer keyId) {
        return issuers.stream().filter(issuer -> issuer.keyId().equals(keyId)).findFirst();
    }
}
