package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.cert.RspRole;
import dev.octroi.secret.Sha256;
import java.nio.ByteBuffer;
import java.security.PrivateKey;

/**
 * The keys of this server under one certificate issuer.
 *
 * @param issuerKeyId the key identifier of the issuer
 * @param authentication CERT.DPauth
 * @param authenticationKey SK.DPauth
 * @param binding CERT.DPpb
 * @param bindingKey SK.DPpb
 * @param oid the object identifier of this server, the same in both certificates
 * @param name what a session calls these certificates: the issuer and a digest of both, so that a session goes on with the
 *     very certificates it began with when newer ones of the same issuer have come
 */
public record ServerCredential(
        ByteBuffer issuerKeyId,
        RspCertificate authentication,
        PrivateKey authenticationKey,
        RspCertificate binding,
        PrivateKey bindingKey,
        ObjectId oid,
        ByteBuffer name) {
    private static final int NAME_DIGEST_BYTES = 8;

    public ServerCredential {
        requireNonNull(issuerKeyId, "issuerKeyId is null");
        authenticationKey = authentication.curve().kept(requireNonNull(authenticationKey, "authenticationKey is null"));
        bindingKey = binding.curve().kept(requireNonNull(bindingKey, "bindingKey is null"));
    }

    /**
     * Takes the two certificates (DER) with their keys.
     *
     * @throws MalformedTlvException when they are not the two certificates of one server, which a card would refuse
     */
    public static ServerCredential of(
            byte[] authenticationDer, PrivateKey authenticationKey, byte[] bindingDer, PrivateKey bindingKey)
            throws MalformedTlvException {
        RspCertificate authentication = RspCertificate.parse(authenticationDer);
        RspCertificate binding = RspCertificate.parse(bindingDer);
        if (!authentication.hasRole(RspRole.DP_AUTH) || !binding.hasRole(RspRole.DP_PB)) {
            throw new MalformedTlvException("the policies are not those of DPauth and DPpb");
        }
        ByteBuffer issuer = authentication
                .authorityKeyId()
                .orElseThrow(() -> new MalformedTlvException("DPauth does not name its issuer's key"));
        if (!binding.authorityKeyId().equals(authentication.authorityKeyId())) {
            throw new MalformedTlvException("DPauth and DPpb have different issuers");
        }
        String oid = authentication
                .registeredId()
                .orElseThrow(() -> new MalformedTlvException("DPauth has no registered identifier"));
        if (!binding.registeredId().equals(authentication.registeredId())) {
            throw new MalformedTlvException("DPauth and DPpb name different servers");
        }
        return new ServerCredential(
                issuer,
                authentication,
                authenticationKey,
                binding,
                bindingKey,
                new ObjectId(oid),
                name(issuer, authentication, binding));
    }

    private static ByteBuffer name(ByteBuffer issuerKeyId, RspCertificate authentication, RspCertificate binding) {
        byte[] both = Sha256.of(authentication.der(), binding.der());
        return ByteBuffer.allocate(issuerKeyId.remaining() + NAME_DIGEST_BYTES)
                .put(issuerKeyId.duplicate())
                .put(both, 0, NAME_DIGEST_BYTES)
                .flip()
                .asReadOnlyBuffer();
    }

    /** Whether a session means these certificates; sessions begun before certificates had names give the issuer only. */
    boolean isNamed(ByteBuffer name) {
        return name.equals(issuerKeyId)
                || (name.remaining() == issuerKeyId.remaining() + NAME_DIGEST_BYTES && name.equals(this.name));
    }

    /** The curve on which packages are bound. */
    public Curve bindingCurve() {
        return binding.curve();
    }

    /** The issuer and the server only. */
    @Override
    public String toString() {
        return "ServerCredential[" + oid.dotted() + "]";
    }
}
