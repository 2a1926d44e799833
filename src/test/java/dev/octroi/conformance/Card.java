package dev.octroi.conformance;

import java.math.BigInteger;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;

/** A card that signs whatever a case wants, right or wrong. Its fields may be changed before a message is made. */
final class Card {
    private static final AtomicLong NUMBERS = new AtomicLong(700_000);
    private static final BigInteger MODULUS = BigInteger.valueOf(97);

    final Issuers issuers;
    final String eid;
    Issuers.Issuer own;
    Issuers.Issuer manufacturer;
    KeyPair oneTime;
    String svn = "020202";
    String resources = "8101008204000800008304000060 00";
    String capabilities = "017f36";
    String profileVersion = "020301";
    boolean spoilsSignatures;
    byte[] lastSignature = new byte[0];
    List<byte[]> verificationKeys = new ArrayList<>();
    List<byte[]> signingKeys = new ArrayList<>();
    List<byte[]> moreInfo1 = new ArrayList<>();
    List<byte[]> moreInfo2 = new ArrayList<>();

    Card(Issuers issuers, String eid) {
        this.issuers = issuers;
        this.eid = eid;
        this.manufacturer = issuers.eum;
        this.own = issuers.card(manufacturer, eid, Issuers.EUICC_POLICY, Issuers.Validity.LONG);
        this.oneTime = Keys.generate(issuers.curve);
        this.verificationKeys.add(issuers.ci.keyId());
        this.signingKeys.add(issuers.ci.keyId());
    }

    static Card of(Issuers issuers) {
        return new Card(issuers, eid(Issuers.EID_PREFIX));
    }

    /** A new EID of 32 digits with right check digits (value modulo 97 is 1). */
    static String eid(String prefix) {
        String body = prefix + String.format("%0" + (30 - prefix.length()) + "d", NUMBERS.incrementAndGet());
        int rest = new BigInteger(body + "00").mod(MODULUS).intValue();
        return body + String.format("%02d", 98 - rest);
    }

    byte[] info1() {
        return Der.tlv(
                0xBF20,
                Der.tlv(0x82, Der.hex(svn)),
                keyIds(0xA9, verificationKeys),
                keyIds(0xAA, signingKeys),
                all(moreInfo1));
    }

    byte[] info2() {
        return Der.tlv(
                0xBF22,
                Der.tlv(0x81, Der.hex(profileVersion)),
                Der.tlv(0x82, Der.hex(svn)),
                Der.tlv(0x83, Der.hex("010203")),
                Der.tlv(0x84, Der.hex(resources)),
                Der.tlv(0x85, Der.hex(capabilities)),
                Der.tlv(0x86, Der.hex("090200")),
                Der.tlv(0x87, Der.hex("020300")),
                Der.tlv(0x88, Der.hex("0490")),
                keyIds(0xA9, verificationKeys),
                keyIds(0xAA, signingKeys),
                Der.tlv(0x99, Der.hex("0640")),
                Der.tlv(0x04, Der.hex("000001")),
                Der.utf8(0x0C, "ES-TEST-0001"),
                all(moreInfo2));
    }

    /** The element 5F37 over the parts. */
    byte[] sign(byte[]... parts) {
        byte[] plain = Keys.sign(own.key(), parts);
        if (spoilsSignatures) {
            plain[plain.length - 1] ^= 1;
        }
        lastSignature = Der.tlv(0x5F37, plain);
        return lastSignature;
    }

    /** AuthenticateServerResponse over euiccSigned1. */
    byte[] authenticated(byte[] signed1, byte[]... more) {
        return Der.tlv(0xBF38, Der.tlv(0xA0, signed1, sign(signed1), own.der(), manufacturer.der(), Der.join(more)));
    }

    /** A refusal of AuthenticateServer or PrepareDownload. */
    static byte[] error(int tag, byte[] transactionId, int code) {
        return Der.tlv(tag, Der.tlv(0xA1, Der.tlv(0x80, transactionId), Der.integer(0x02, code)));
    }

    byte[] signed2(byte[] transactionId, byte[] hash) {
        return Der.tlv(
                0x30,
                Der.tlv(0x80, transactionId),
                Der.tlv(0x5F49, Keys.point(oneTime.getPublic())),
                hash == null ? new byte[0] : Der.tlv(0x04, hash));
    }

    /** PrepareDownloadResponse over euiccSigned2 and the server's signature. */
    byte[] prepared(byte[] signed2, byte[] smdpSignature2) {
        return Der.tlv(0xBF21, Der.tlv(0xA0, signed2, sign(signed2, smdpSignature2)));
    }

    /** What a card makes of a confirmation code: SHA-256(SHA-256(code) | transactionId). */
    static byte[] hash(String code, byte[] transactionId) {
        return Keys.sha256(Keys.sha256(code.getBytes(java.nio.charset.StandardCharsets.UTF_8)), transactionId);
    }

    byte[] cancelled(byte[] transactionId, String oid, int reason) {
        byte[] signed = Der.tlv(0x30, Der.tlv(0x80, transactionId), Der.tlv(0x81, oid(oid)), Der.integer(0x82, reason));
        return Der.tlv(0xBF41, Der.tlv(0xA0, signed, sign(signed)));
    }

    /** ProfileInstallationResult of a success. */
    byte[] installed(byte[] transactionId, int sequence, byte[] iccid) {
        return result(
                transactionId,
                sequence,
                iccid,
                Der.tlv(
                        0xA0,
                        Der.tlv(0x4F, Der.hex("A0000005591010FFFFFFFF8900001100")),
                        Der.tlv(0x04, Der.hex("3000"))));
    }

    /** ProfileInstallationResult of a failure: BppCommandId and ErrorReason. */
    byte[] notInstalled(byte[] transactionId, int sequence, byte[] iccid, int command, int reason) {
        return result(
                transactionId, sequence, iccid, Der.tlv(0xA1, Der.integer(0x80, command), Der.integer(0x81, reason)));
    }

    byte[] result(byte[] transactionId, int sequence, byte[] iccid, byte[] result) {
        byte[] data = Der.tlv(
                0xBF27,
                Der.tlv(0x80, transactionId),
                metadata(sequence, "0780", iccid),
                Der.tlv(0x06, oid(SmDp.OID)),
                Der.tlv(0xA2, result));
        return Der.tlv(0xBF37, data, sign(data));
    }

    /** OtherSignedNotification; the event is 0640 enable, 0520 disable, 0410 delete, 0780 install. */
    byte[] changed(int sequence, String event, byte[] iccid) {
        byte[] metadata = metadata(sequence, event, iccid);
        return Der.tlv(0x30, metadata, sign(metadata), own.der(), manufacturer.der());
    }

    static byte[] metadata(int sequence, String event, byte[] iccid) {
        return Der.tlv(
                0xBF2F,
                Der.integer(0x80, sequence),
                Der.tlv(0x81, Der.hex(event)),
                Der.utf8(0x0C, "localhost"),
                iccid == null ? new byte[0] : Der.tlv(0x5A, iccid));
    }

    static byte[] oid(String dotted) {
        try {
            return Der.read(new ASN1ObjectIdentifier(dotted).getEncoded()).value();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] all(List<byte[]> parts) {
        return Der.join(parts.toArray(byte[][]::new));
    }

    private static byte[] keyIds(int tag, List<byte[]> ids) {
        return Der.tlv(tag, all(ids.stream().map(id -> Der.tlv(0x04, id)).toList()));
    }
}
