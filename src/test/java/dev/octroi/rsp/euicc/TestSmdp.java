package dev.octroi.rsp.euicc;

import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.rsp.asn1.Tlv;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The server's half of SGP.22 in the fewest lines, for cards under test. Its fields are what a test may spoil; it is
 * written from the standard and calls nothing of the product but the TLV builder.
 */
final class TestSmdp {
    static final String ICCID = "8933012345678901238";
    static final String ADDRESS = "smdp.example.com";
    private static final Provider BC = new BouncyCastleProvider();

    private final SecureRandom random;

    GsmaCredential auth;
    GsmaCredential binding;
    byte[] ciKeyId;
    String address = ADDRESS;
    byte[] transactionId = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    byte[] bindingTransactionId = transactionId;
    byte[] packageTransactionId = transactionId;
    boolean spoilSignature1;
    boolean spoilSignature2;
    boolean spoilPackageSignature;
    boolean codeRequired;
    boolean protectionKeys;
    int operation = 1;
    int keyType = 0x88;
    int segmentBytes = 1007;
    String keyEid = "";
    String headerIccid = ICCID;
    String fileIccid = ICCID;
    String metadataIccid = ICCID;
    String notificationAddress = "notify.example.com";
    String notificationBits = "04f0";
    byte[] icon = new byte[0];
    byte[] rules = new byte[0];
    boolean hasOwner = true;
    int profileClass = 2;
    int iconType = 1;
    int hostIdBytes = 11;
    int firstCounterOfProtection = 1;
    boolean reverseSigned1;
    String provider = "Octroi";
    String profileName = "France 3 GB";
    final List<Tlv> extraMetadata = new ArrayList<>();
    int profilePadding;
    byte[] boundBefore = new byte[0];

    TestSmdp(GsmaMaterial material, SecureRandom random) {
        this.random = random;
        this.auth = material.dpAuth();
        this.binding = material.dpPb();
        this.ciKeyId = material.ci().subjectKeyIdentifier();
    }

    Tlv authenticateServerRequest(byte[] challenge) throws Exception {
        byte[] serverChallenge = new byte[16];
        random.nextBytes(serverChallenge);
        Tlv signed = Tlv.constructed(
                0x30,
                Tlv.of(0x80, transactionId),
                Tlv.of(0x81, challenge),
                Tlv.utf8(0x83, address),
                Tlv.of(0x84, serverChallenge));
        if (reverseSigned1) {
            signed = Tlv.constructed(0x30, signed.children().reversed());
        }
        byte[] signature = sign(auth.privateKey(), signed.raw());
        if (spoilSignature1) {
            signature[10] ^= 1;
        }
        return Tlv.constructed(
                0xBF38,
                signed,
                Tlv.of(0x5F37, signature),
                Tlv.of(0x04, ciKeyId),
                Tlv.parse(auth.certificateDer()),
                Tlv.constructed(
                        0xA0, Tlv.utf8(0x80, "TOKEN"), CardFacts.standard().deviceInfo()));
    }

    Tlv prepareDownloadRequest(Tlv authenticateServerResponse, byte[] hashCc) throws Exception {
        Tlv euiccSignature1 = authenticateServerResponse.require(0xA0).require(0x5F37);
        List<Tlv> content = new ArrayList<>(List.of(Tlv.of(0x80, bindingTransactionId), Tlv.bool(0x01, codeRequired)));
        if (boundBefore.length > 0) {
            content.add(Tlv.of(0x5F49, boundBefore));
        }
        Tlv signed = Tlv.constructed(0x30, content);
        byte[] signature = sign(binding.privateKey(), signed.raw(), euiccSignature1.raw());
        if (spoilSignature2) {
            signature[40] ^= 1;
        }
        List<Tlv> parts = new ArrayList<>(List.of(signed, Tlv.of(0x5F37, signature)));
        if (hashCc.length > 0) {
            parts.add(Tlv.of(0x04, hashCc));
        }
        parts.add(Tlv.parse(binding.certificateDer()));
        return Tlv.constructed(0xBF21, parts);
    }

    Tlv boundPackage(Tlv prepareDownloadResponse, String eid) throws Exception {
        byte[] cardKey = prepareDownloadResponse
                .require(0xA0)
                .require(0x30)
                .require(0x5F49)
                .value();
        KeyPair own = newKeyPair();
        byte[] hostId = new byte[hostIdBytes];
        random.nextBytes(hostId);
        Tlv control = Tlv.constructed(
                0xA6, Tlv.of(0x80, new byte[] {(byte) keyType}), Tlv.of(0x81, new byte[] {0x10}), Tlv.of(0x84, hostId));
        Tlv ownKey = Tlv.of(0x5F49, point(own));
        List<Tlv> parts = new ArrayList<>(
                List.of(Tlv.integer(0x82, operation), Tlv.of(0x80, packageTransactionId), control, ownKey));
        byte[] signature = sign(
                binding.privateKey(), Tlv.concat(parts), Tlv.of(0x5F49, cardKey).raw());
        if (spoilPackageSignature) {
            signature[0] ^= 1;
        }
        parts.add(Tlv.of(0x5F37, signature));

        byte[] keys = deriveKeys(own, cardKey, hostId, HexFormat.of().parseHex(keyEid.isEmpty() ? eid : keyEid));
        Sender sender = new Sender(slice(keys, 0), slice(keys, 16), slice(keys, 32));
        List<Tlv> groups = new ArrayList<>();
        groups.add(Tlv.constructed(0xBF23, parts));
        groups.add(group(0xA0, sender.encrypted(0x87, Tlv.constructed(0xBF24).raw())));
        groups.add(group(0xA1, sender.plain(metadata().raw(), 1008)));
        if (protectionKeys) {
            byte[] fresh = new byte[48];
            random.nextBytes(fresh);
            Tlv replace = Tlv.constructed(
                    0xBF26,
                    Tlv.of(0x80, slice(fresh, 0)),
                    Tlv.of(0x81, slice(fresh, 16)),
                    Tlv.of(0x82, slice(fresh, 32)));
            groups.add(group(0xA2, sender.encrypted(0x87, replace.raw())));
            sender = new Sender(slice(fresh, 0), slice(fresh, 16), slice(fresh, 32));
            sender.counter = firstCounterOfProtection;
        }
        List<byte[]> segments = new ArrayList<>();
        byte[] profile = profile();
        for (int at = 0; at < profile.length; at += segmentBytes) {
            byte[] piece = Arrays.copyOfRange(profile, at, Math.min(profile.length, at + segmentBytes));
            segments.addAll(sender.encrypted(0x86, piece));
        }
        groups.add(group(0xA3, segments));
        return Tlv.constructed(0xBF36, groups);
    }

    Tlv metadata() {
        List<Tlv> parts = new ArrayList<>();
        parts.add(Tlv.of(0x5A, swapped(metadataIccid)));
        parts.add(Tlv.utf8(0x91, provider));
        parts.add(Tlv.utf8(0x92, profileName));
        if (icon.length > 0) {
            if (iconType >= 0) {
                parts.add(Tlv.integer(0x93, iconType));
            }
            parts.add(Tlv.of(0x94, icon));
        }
        if (profileClass != 2) {
            parts.add(Tlv.integer(0x95, profileClass));
        }
        parts.add(Tlv.constructed(
                0xB6,
                Tlv.constructed(
                        0x30,
                        Tlv.of(0x80, HexFormat.of().parseHex(notificationBits)),
                        Tlv.utf8(0x81, notificationAddress))));
        if (hasOwner) {
            parts.add(Tlv.constructed(0xB7, Tlv.of(0x80, HexFormat.of().parseHex("02f810"))));
        }
        if (rules.length > 0) {
            parts.add(Tlv.of(0x99, rules));
        }
        parts.addAll(extraMetadata);
        return Tlv.constructed(0xBF25, parts);
    }

    byte[] profile() {
        Tlv header = Tlv.constructed(
                0xA0,
                Tlv.integer(0x80, 2),
                Tlv.integer(0x81, 3),
                Tlv.utf8(0x82, "Octroi test"),
                Tlv.of(0x83, HexFormat.of().parseHex(padded(headerIccid))));
        Tlv file = Tlv.constructed(0xB0, elementHeader(1), Tlv.constructed(0xA4, Tlv.of(0x83, swapped(fileIccid))));
        Tlv padding =
                Tlv.constructed(0xA1, elementHeader(2), Tlv.constructed(0xA1, Tlv.of(0x83, new byte[profilePadding])));
        Tlv keys = Tlv.constructed(0xA4, elementHeader(3), Tlv.constructed(0xA1, Tlv.of(0x82, new byte[16])));
        Tlv end = Tlv.constructed(0xAA, elementHeader(9));
        return Tlv.concat(header, file, padding, keys, end);
    }

    private static Tlv elementHeader(int identification) {
        return Tlv.constructed(0xA0, Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, identification));
    }

    private static Tlv group(int tag, List<byte[]> segments) throws Exception {
        List<Tlv> children = new ArrayList<>();
        for (byte[] segment : segments) {
            children.add(Tlv.parse(segment));
        }
        return Tlv.constructed(tag, children);
    }

    /** SCP03t from the sender's side. */
    private static final class Sender {
        private byte[] chain;
        private final byte[] encryptionKey;
        private final byte[] macKey;
        private long counter = 1;

        Sender(byte[] chain, byte[] encryptionKey, byte[] macKey) {
            this.chain = chain;
            this.encryptionKey = encryptionKey;
            this.macKey = macKey;
        }

        List<byte[]> encrypted(int tag, byte[] plain) throws Exception {
            byte[] padded = Arrays.copyOf(plain, (plain.length / 16 + 1) * 16);
            padded[plain.length] = (byte) 0x80;
            SecretKeySpec key = new SecretKeySpec(encryptionKey, "AES");
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, key);
            byte[] iv = ecb.doFinal(ByteBuffer.allocate(16).putLong(8, counter).array());
            Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
            cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
            return List.of(authenticated(tag, cbc.doFinal(padded)));
        }

        List<byte[]> plain(byte[] content, int limit) throws Exception {
            List<byte[]> segments = new ArrayList<>();
            for (int at = 0; at < content.length; at += limit) {
                segments.add(
                        authenticated(0x88, Arrays.copyOfRange(content, at, Math.min(content.length, at + limit))));
            }
            return segments;
        }

        private byte[] authenticated(int tag, byte[] content) throws Exception {
            Mac mac = Mac.getInstance("AESCMAC", BC);
            mac.init(new SecretKeySpec(macKey, "AES"));
            byte[] header = Tlv.header(tag, content.length + 8);
            mac.update(chain);
            mac.update(header);
            mac.update(content);
            chain = mac.doFinal();
            counter++;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(header);
            out.writeBytes(content);
            out.write(chain, 0, 8);
            return out.toByteArray();
        }
    }

    private byte[] deriveKeys(KeyPair own, byte[] cardPoint, byte[] hostId, byte[] eid) throws Exception {
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(
                binding.certificate().getPublicKey().getEncoded());
        byte[] encoded = new SubjectPublicKeyInfo(info.getAlgorithm(), cardPoint).getEncoded();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH", BC);
        agreement.init(own.getPrivate());
        agreement.doPhase(KeyFactory.getInstance("EC", BC).generatePublic(new X509EncodedKeySpec(encoded)), true);
        byte[] secret = agreement.generateSecret();
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        for (int i = 1; i <= 2; i++) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            digest.update(new byte[] {0, 0, 0, (byte) i, (byte) 0x88, 0x10, (byte) hostId.length});
            digest.update(hostId);
            digest.update((byte) eid.length);
            keys.writeBytes(digest.digest(eid));
        }
        return keys.toByteArray();
    }

    private KeyPair newKeyPair() throws Exception {
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(
                binding.certificate().getPublicKey().getEncoded());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(
                new ECGenParameterSpec(
                        info.getAlgorithm().getParameters().toString().equals("1.2.840.10045.3.1.7")
                                ? "secp256r1"
                                : "brainpoolP256r1"),
                random);
        return generator.generateKeyPair();
    }

    private static byte[] point(KeyPair keys) {
        return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
    }

    private byte[] sign(PrivateKey key, byte[]... parts) throws Exception {
        Signature signature = Signature.getInstance("SHA256withPLAIN-ECDSA", BC);
        signature.initSign(key, random);
        for (byte[] part : parts) {
            signature.update(part);
        }
        return signature.sign();
    }

    private static byte[] slice(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, from + 16);
    }

    private static String padded(String digits) {
        return (digits + "FF").substring(0, 20);
    }

    private static byte[] swapped(String digits) {
        char[] c = padded(digits).toCharArray();
        for (int i = 0; i < c.length; i += 2) {
            char first = c[i];
            c[i] = c[i + 1];
            c[i + 1] = first;
        }
        return HexFormat.of().parseHex(new String(c));
    }
}
