package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** Opens a BoundProfilePackage as the card would (SGP.22 §2.5.4, §2.6.4) and fails the test at the first wrong byte. */
final class BoundPackage {
    private static final int MAX_SEGMENT = 1020;

    final Der.Element configure;
    final Der.Element metadata;
    final Optional<Der.Element> protectionKeys;
    final byte[] profile;
    final byte[] serverKey;

    private byte[] chaining;
    private byte[] encryption;
    private byte[] mac;
    private int counter = 1;

    /**
     * @param bound the element BF36
     * @param binding PK.DPpb
     */
    BoundPackage(Der.Element bound, Card card, byte[] transactionId, PublicKey binding) {
        assertThat(bound.tag()).isEqualTo(0xBF36);
        assertThat(bound.tags()).isIn(List.of(0xBF23, 0xA0, 0xA1, 0xA3), List.of(0xBF23, 0xA0, 0xA1, 0xA2, 0xA3));
        Der.Element opening = bound.get(0xBF23);
        assertThat(opening.tags()).containsExactly(0x82, 0x80, 0xA6, 0x5F49, 0x5F37);
        assertThat(opening.get(0x82).value()).containsExactly(1);
        assertThat(opening.get(0x80).value()).isEqualTo(transactionId);
        Der.Element template = opening.get(0xA6);
        assertThat(template.tags()).containsExactly(0x80, 0x81, 0x84);
        assertThat(template.get(0x80).value()).containsExactly(0x88);
        assertThat(template.get(0x81).value()).containsExactly(0x10);
        byte[] hostId = template.get(0x84).value();
        assertThat(hostId.length).isBetween(4, 16);
        serverKey = opening.get(0x5F49).value();
        assertThat(serverKey).hasSize(65).startsWith(4);
        byte[] cardKey = Keys.point(card.oneTime.getPublic());
        assertThat(opening.get(0x5F37).value()).hasSize(64);
        assertThat(Keys.verify(
                        binding,
                        opening.get(0x5F37).value(),
                        opening.get(0x82).raw(),
                        opening.get(0x80).raw(),
                        template.raw(),
                        opening.get(0x5F49).raw(),
                        Der.tlv(0x5F49, cardKey)))
                .as("smdpSign")
                .isTrue();
        derive(
                Keys.agree(card.oneTime.getPrivate(), Keys.publicKey(card.issuers.curve, serverKey)),
                hostId,
                Der.hex(card.eid));
        configure = Der.read(open(bound.get(0xA0), 0x87, true));
        metadata = Der.read(open(bound.get(0xA1), 0x88, false));
        protectionKeys = bound.find(0xA2).map(keys -> Der.read(open(keys, 0x87, true)));
        protectionKeys.ifPresent(keys -> {
            assertThat(keys.tag()).isEqualTo(0xBF26);
            assertThat(keys.tags()).containsExactly(0x80, 0x81, 0x82);
            chaining = keys.get(0x80).value();
            encryption = keys.get(0x81).value();
            mac = keys.get(0x82).value();
            counter = 1;
        });
        profile = open(bound.get(0xA3), 0x86, true);
    }

    /** X9.63 with SHA-256: 48 bytes are the MAC chaining value, S-ENC and S-MAC. */
    private void derive(byte[] secret, byte[] hostId, byte[] eid) {
        byte[] shared = Der.join(
                Der.hex("8810"), new byte[] {(byte) hostId.length}, hostId, new byte[] {(byte) eid.length}, eid);
        byte[] keys = Der.join(
                Keys.sha256(secret, Der.hex("00000001"), shared), Keys.sha256(secret, Der.hex("00000002"), shared));
        chaining = Arrays.copyOf(keys, 16);
        encryption = Arrays.copyOfRange(keys, 16, 32);
        mac = Arrays.copyOfRange(keys, 32, 48);
    }

    private byte[] open(Der.Element sequence, int tag, boolean encrypted) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        List<Der.Element> segments = sequence.children();
        assertThat(segments).isNotEmpty();
        for (int i = 0; i < segments.size(); i++) {
            Der.Element segment = segments.get(i);
            assertThat(segment.tag()).isEqualTo(tag);
            assertThat(segment.raw().length).isLessThanOrEqualTo(MAX_SEGMENT);
            if (i < segments.size() - 1) {
                assertThat(segment.raw().length)
                        .as("only the last segment is short")
                        .isGreaterThan(MAX_SEGMENT - 16);
            }
            plain.writeBytes(open(segment, encrypted));
        }
        return plain.toByteArray();
    }

    private byte[] open(Der.Element segment, boolean encrypted) {
        byte[] value = segment.value();
        int end = value.length - 8;
        byte[] header = Arrays.copyOf(segment.raw(), segment.raw().length - value.length);
        byte[] body = Arrays.copyOf(value, end);
        byte[] full = cmac(mac, Der.join(chaining, header, body));
        assertThat(Arrays.copyOfRange(value, end, value.length))
                .as("MAC of segment %d", counter)
                .isEqualTo(Arrays.copyOf(full, 8));
        chaining = full;
        byte[] plain = encrypted ? decrypt(body) : body;
        counter++;
        return plain;
    }

    private byte[] decrypt(byte[] body) {
        try {
            byte[] block = new byte[16];
            block[14] = (byte) (counter >> 8);
            block[15] = (byte) counter;
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encryption, "AES"));
            Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
            cbc.init(
                    Cipher.DECRYPT_MODE, new SecretKeySpec(encryption, "AES"), new IvParameterSpec(ecb.doFinal(block)));
            byte[] padded = cbc.doFinal(body);
            int end = padded.length - 1;
            while (padded[end] == 0) {
                end--;
            }
            assertThat(padded[end]).as("padding").isEqualTo((byte) 0x80);
            assertThat(padded.length - end).as("length of the padding").isLessThanOrEqualTo(16);
            return Arrays.copyOf(padded, end);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("segment " + counter + " cannot be decrypted", e);
        }
    }

    private static byte[] cmac(byte[] key, byte[] message) {
        CMac cmac = new CMac(AESEngine.newInstance());
        cmac.init(new KeyParameter(key));
        cmac.update(message, 0, message.length);
        byte[] out = new byte[16];
        cmac.doFinal(out, 0);
        return out;
    }
}
