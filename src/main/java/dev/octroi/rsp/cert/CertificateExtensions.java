package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The extensions of a certificate; an unknown critical one makes the certificate unusable (RFC 5280 §4.2). */
final class CertificateExtensions {
    private static final int KEY_CERT_SIGN = 0x04;
    private static final int CRL_SIGN = 0x02;
    private static final int DIGITAL_SIGNATURE = 0x80;

    private @Nullable ByteBuffer subjectKeyId;
    private @Nullable ByteBuffer authorityKeyId;
    private @Nullable String registeredId;
    private final Set<RspRole> roles = EnumSet.noneOf(RspRole.class);
    private final Set<String> policies = new HashSet<>();
    private final CardPermission permission = new CardPermission();
    private boolean certificateAuthority;
    private OptionalInt pathLength = OptionalInt.empty();
    private int keyUsage;

    private CertificateExtensions() {}

    static CertificateExtensions read(List<Tlv> list) throws MalformedTlvException {
        CertificateExtensions extensions = new CertificateExtensions();
        Set<String> seen = new HashSet<>();
        for (Tlv extension : list) {
            String oid = ObjectId.ofBytes(extension.require(0x06).value()).dotted();
            if (!seen.add(oid)) {
                throw new MalformedTlvException("an extension stands twice");
            }
            boolean critical =
                    extension.find(0x01).isPresent() && extension.require(0x01).asBoolean();
            byte[] value = extension.require(0x04).value();
            if (!extensions.take(oid, value) && critical) {
                throw new MalformedTlvException("unknown critical extension");
            }
        }
        return extensions;
    }

    private boolean take(String oid, byte[] value) throws MalformedTlvException {
        switch (oid) {
            case "2.5.29.14" -> subjectKeyId = buffer(one(value).expect(0x04));
            case "2.5.29.35" -> {
                Optional<Tlv> keyId = one(value).find(0x80);
                if (keyId.isPresent()) {
                    authorityKeyId = buffer(keyId.get());
                }
            }
            case "2.5.29.15" -> keyUsage = usage(one(value).expect(0x03).asBytes(1, 3));
            case "2.5.29.19" -> takeConstraints(one(value).expect(0x30));
            case "2.5.29.32" -> takePolicies(one(value).expect(0x30));
            case "2.5.29.17" -> {
                Optional<Tlv> id = one(value).expect(0x30).find(0x88);
                registeredId =
                        id.isPresent() ? ObjectId.ofBytes(id.get().value()).dotted() : null;
            }
            case "2.5.29.30" -> permission.takeNameConstraints(one(value).expect(0x30));
            case "2.23.146.1.2.2.0" -> permission.takeEins(one(value).expect(0x30));
            case "2.5.29.31", "2.5.29.37" -> {
                // Where revocation lists are, and TLS purposes: of no use here.
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void takePolicies(Tlv policies) throws MalformedTlvException {
        for (Tlv policy : policies.children()) {
            String oid = ObjectId.ofBytes(policy.require(0x06).value()).dotted();
            this.policies.add(oid);
            RspRole.ofPolicy(oid).ifPresent(roles::add);
        }
    }

    private void takeConstraints(Tlv constraints) throws MalformedTlvException {
        Optional<Tlv> authority = constraints.find(0x01);
        certificateAuthority = authority.isPresent() && authority.get().asBoolean();
        Optional<Tlv> length = constraints.find(0x02);
        if (length.isPresent()) {
            pathLength = OptionalInt.of(length.get().asInt());
        }
    }

    private static int usage(byte[] bits) {
        return bits.length > 1 ? bits[1] & 0xFF : 0;
    }

    private static Tlv one(byte[] value) throws MalformedTlvException {
        return Tlv.parse(value, TlvLimits.MESSAGE);
    }

    private static ByteBuffer buffer(Tlv element) throws MalformedTlvException {
        return ByteBuffer.wrap(element.asBytes(1, 64)).asReadOnlyBuffer();
    }

    Optional<ByteBuffer> subjectKeyId() {
        return Optional.ofNullable(subjectKeyId);
    }

    Optional<ByteBuffer> authorityKeyId() {
        return Optional.ofNullable(authorityKeyId);
    }

    Optional<String> registeredId() {
        return Optional.ofNullable(registeredId);
    }

    Set<RspRole> roles() {
        return roles;
    }

    boolean hasPolicy(String oid) {
        return policies.contains(oid);
    }

    boolean mayIssue() {
        return certificateAuthority && (keyUsage & KEY_CERT_SIGN) != 0;
    }

    boolean maySign() {
        return !certificateAuthority && (keyUsage & DIGITAL_SIGNATURE) != 0;
    }

    /** How many authorities may stand between this one and a card, where it is said. */
    OptionalInt pathLength() {
        return pathLength;
    }

    boolean maySignLists() {
        return certificateAuthority && (keyUsage & CRL_SIGN) != 0;
    }

    CardPermission permission() {
        return permission;
    }
}
