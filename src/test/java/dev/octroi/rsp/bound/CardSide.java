package dev.octroi.rsp.bound;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.KDF2BytesGenerator;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.params.KDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The card's reading of SCP03t, written with other primitives than the product, from the text of the standard. */
final class CardSide {
    private byte[] enc;
    private byte[] mac;
    private byte[] chaining;
    private int counter = 1;

    static CardSide derive(byte[] secret, byte[] hostId, byte[] eid) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(0x88);
        info.write(0x10);
        info.write(hostId.length);
        info.writeBytes(hostId);
        info.write(eid.length);
        info.writeBytes(eid);
        KDF2BytesGenerator kdf = new KDF2BytesGenerator(new SHA256Digest());
        kdf.init(new KDFParameters(secret, info.toByteArray()));
        byte[] all = new byte[48];
        kdf.generateBytes(all, 0, 48);
        CardSide card = new CardSide();
        card.use(Arrays.copyOfRange(all, 0, 16), Arrays.copyOfRange(all, 16, 32), Arrays.copyOfRange(all, 32, 48));
        return card;
    }

    void use(byte[] newChaining, byte[] newEnc, byte[] newMac) {
        chaining = newChaining;
        enc = newEnc;
        mac = newMac;
        counter = 1;
    }

    byte[] open(List<Tlv> segments, int tag, boolean encrypted) throws Exception {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (Tlv segment : segments) {
            if (segment.tag() != tag || segment.rawLength() > 1020) {
                throw new IllegalStateException("segment of %d bytes".formatted(segment.rawLength()));
            }
            byte[] raw = segment.raw();
            byte[] signed = Arrays.copyOf(raw, raw.length - 8);
            CMac cmac = new CMac(AESEngine.newInstance());
            cmac.init(new KeyParameter(mac));
            cmac.update(chaining, 0, 16);
            cmac.update(signed, 0, signed.length);
            byte[] full = new byte[16];
            cmac.doFinal(full, 0);
            if (!Arrays.equals(Arrays.copyOf(full, 8), Arrays.copyOfRange(raw, raw.length - 8, raw.length))) {
                throw new IllegalStateException("wrong MAC");
            }
            chaining = full;
            byte[] body = Arrays.copyOf(segment.value(), segment.valueLength() - 8);
            plain.writeBytes(encrypted ? decrypt(body) : body);
            counter++;
        }
        return plain.toByteArray();
    }

    private byte[] decrypt(byte[] body) {
        byte[] block = new byte[16];
        block[15] = (byte) counter;
        block[14] = (byte) (counter >>> 8);
        var engine = AESEngine.newInstance();
        engine.init(true, new KeyParameter(enc));
        byte[] iv = new byte[16];
        engine.processBlock(block, 0, iv, 0);
        var cbc = CBCBlockCipher.newInstance(AESEngine.newInstance());
        cbc.init(false, new ParametersWithIV(new KeyParameter(enc), iv));
        byte[] out = new byte[body.length];
        for (int at = 0; at < body.length; at += 16) {
            cbc.processBlock(body, at, out, at);
        }
        int end = out.length - 1;
        while (out[end] == 0) {
            end--;
        }
        if (out[end] != (byte) 0x80) {
            throw new IllegalStateException("wrong padding");
        }
        return Arrays.copyOf(out, end);
    }

    static Tlv parse(byte[] bytes) throws Exception {
        return Tlv.parse(bytes, TlvLimits.PACKAGE);
    }
}
