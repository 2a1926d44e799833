package dev.octroi.api.device;

import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A card that signs whatever a test wants, right or wrong. */
final class PlainCard {
    private static final SecureRandom RANDOM = new SecureRandom();

    final GsmaTestPki pki;
    final Curve curve;
    final GsmaCredential credential;
    final byte[] ciKeyId;
    String svn = "020500";
    KeyPair oneTime;

    PlainCard(GsmaTestPki pki, String eid) {
        this.pki = pki;
        this.curve = Curve.valueOf(pki.material().curve().name());
        this.credential = pki.issueEuicc(eid);
        this.ciKeyId = pki.material().ci().subjectKeyIdentifier();
        this.oneTime = curve.generate(RANDOM);
    }

    Tlv info1(byte[] verification, byte[] signing) {
        return Tlv.constructed(
                0xBF20,
                Tlv.of(0x82, HexFormat.of().parseHex(svn)),
                Tlv.constructed(0xA9, Tlv.of(0x04, verification)),
                Tlv.constructed(0xAA, Tlv.of(0x04, signing)));
    }

    Tlv info1() {
        return info1(ciKeyId, ciKeyId);
    }

    Tlv signed1(byte[] transactionId, String address, byte[] serverChallenge, @Nullable String matchingId) {
        List<Tlv> context = new ArrayList<>();
        if (matchingId != null) {
            context.add(Tlv.utf8(0x80, matchingId));
        }
        context.add(Tlv.constructed(0xA1, Tlv.of(0x80, HexFormat.of().parseHex("35290611")), Tlv.constructed(0xA1)));
        Tlv info2 = Tlv.constructed(
                0xBF22,
                Tlv.of(0x81, HexFormat.of().parseHex("020301")),
                Tlv.of(0x82, HexFormat.of().parseHex(svn)),
                Tlv.of(0x83, HexFormat.of().parseHex("010000")),
                Tlv.of(0x84, HexFormat.of().parseHex("8101008204000800008304000060 00".replace(" ", ""))),
                Tlv.of(0x85, HexFormat.of().parseHex("017f36")),
                // What a newer card may add.
                Tlv.of(0x9F1F, new byte[] {1, 2, 3}));
        return Tlv.constructed(
                0x30,
                Tlv.of(0x80, transactionId),
                Tlv.utf8(0x83, address),
                Tlv.of(0x84, serverChallenge),
                info2,
                Tlv.constructed(0xA0, context));
    }

    Tlv authenticated(Tlv signed1, Tlv signature) throws MalformedTlvException {
        return authenticated(
                signed1,
                signature,
                Tlv.parse(credential.certificateDer()),
                Tlv.parse(pki.material().eum().certificateDer()));
    }

    static Tlv authenticated(Tlv signed1, Tlv signature, Tlv card, Tlv manufacturer) {
        return Tlv.constructed(0xBF38, Tlv.constructed(0xA0, signed1, signature, card, manufacturer));
    }

    Tlv sign(byte[]... parts) {
        return Tlv.of(0x5F37, curve.sign(credential.privateKey(), RANDOM, parts));
    }

    byte[] oneTimePoint() {
        return curve.point((ECPublicKey) oneTime.getPublic());
    }

    Tlv prepared(byte[] transactionId, Tlv smdpSignature2, byte @Nullable [] hash) {
        List<Tlv> fields = new ArrayList<>(List.of(Tlv.of(0x80, transactionId), Tlv.of(0x5F49, oneTimePoint())));
        if (hash != null) {
            fields.add(Tlv.of(0x04, hash));
        }
        Tlv signed = Tlv.constructed(0x30, fields);
        return Tlv.constructed(0xBF21, Tlv.constructed(0xA0, signed, sign(signed.raw(), smdpSignature2.raw())));
    }

    static byte[] confirmation(String code, byte[] transactionId) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] inner = sha.digest(code.getBytes(StandardCharsets.UTF_8));
        sha.update(inner);
        return sha.digest(transactionId);
    }

    Tlv cancelled(byte[] transactionId, String oid, int reason) {
        Tlv signed = Tlv.constructed(
                0x30, Tlv.of(0x80, transactionId), Tlv.of(0x81, new ObjectId(oid).bytes()), Tlv.integer(0x82, reason));
        return Tlv.constructed(0xBF41, Tlv.constructed(0xA0, signed, sign(signed.raw())));
    }

    /** The result of an installation: success, or command and reason of a failure. */
    Tlv installed(byte[] transactionId, long sequence, byte[] iccid, int @Nullable [] failure) {
        Tlv result = failure == null
                ? Tlv.constructed(0xA0, Tlv.of(0x4F, new byte[16]), Tlv.of(0x04, new byte[] {0x30, 0}))
                : Tlv.constructed(0xA1, Tlv.integer(0x80, failure[0]), Tlv.integer(0x81, failure[1]));
        Tlv data = Tlv.constructed(
                0xBF27,
                Tlv.of(0x80, transactionId),
                metadata(sequence, "0780", iccid),
                Tlv.of(0x06, new ObjectId("2.999.10").bytes()),
                Tlv.constructed(0xA2, result));
        return Tlv.constructed(0xBF37, data, sign(data.raw()));
    }

    /** A change of state: 0640 enabled, 0520 disabled, 0410 deleted. */
    Tlv changed(long sequence, String event, byte[] iccid) throws MalformedTlvException {
        Tlv metadata = metadata(sequence, event, iccid);
        return Tlv.constructed(
                0x30,
                metadata,
                sign(metadata.raw()),
                Tlv.parse(credential.certificateDer()),
                Tlv.parse(pki.material().eum().certificateDer()));
    }

    private static Tlv metadata(long sequence, String event, byte[] iccid) {
        return Tlv.constructed(
                0xBF2F,
                Tlv.integer(0x80, sequence),
                Tlv.of(0x81, HexFormat.of().parseHex(event)),
                Tlv.utf8(0x0C, "localhost"),
                Tlv.of(0x5A, iccid));
    }
}
