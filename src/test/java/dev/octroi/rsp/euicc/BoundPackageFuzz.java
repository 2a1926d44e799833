package dev.octroi.rsp.euicc;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bound profile packages on the card. The first byte says how many genuine segments go before; the rest comes as one
 * segment, cut as an LPA cuts when it is a package.
 */
public final class BoundPackageFuzz implements FuzzTarget {
    private final VirtualEuicc card =
            VirtualEuicc.create(FuzzPki.pki(), FuzzPki.EID, InstantSource.fixed(FuzzPki.NOW), FuzzPki.RANDOM);
    private final CardSession.Authenticated server;
    private final CardSession.Prepared prepared;
    private final Tlv bound;
    private final List<byte[]> genuine;

    public BoundPackageFuzz() throws Exception {
        TestSmdp smdp = new TestSmdp(FuzzPki.pki().material(), FuzzPki.RANDOM);
        server = new CardSession.Authenticated(
                card.identities().getFirst(),
                Tlv.of(0x80, smdp.transactionId),
                TestSmdp.ADDRESS,
                "2.999.10",
                Tlv.of(0x5F37, new byte[64]));
        KeyPair keys = CardCrypto.newKeyPair(CardCurve.P256, FuzzPki.RANDOM);
        prepared = new CardSession.Prepared(
                CardCurve.P256, smdp.binding.certificate().getPublicKey(), keys);
        Tlv key = Tlv.of(0x5F49, CardCrypto.point(keys.getPublic()));
        smdp.protectionKeys = true;
        bound = smdp.boundPackage(
                Tlv.constructed(0xBF21, Tlv.constructed(0xA0, Tlv.constructed(0x30, key))), FuzzPki.EID);
        genuine = BoundPackageSegments.cut(bound);
    }

    @Override
    public void feed(byte[] input) {
        int before = input.length == 0 ? 0 : Math.min(input[0] & 7, genuine.size() - 1);
        byte[] rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        BoundPackageReader reader = new BoundPackageReader(card, server, prepared);
        try {
            for (byte[] segment : genuine.subList(0, before)) {
                reader.accept(segment);
            }
            for (byte[] segment : cut(rest)) {
                reader.accept(segment);
            }
        } catch (CardRefusal declared) {
            reader.command();
        }
    }

    private static List<byte[]> cut(byte[] bytes) {
        try {
            return BoundPackageSegments.cut(Tlv.parse(bytes, TlvLimits.PACKAGE));
        } catch (MalformedTlvException declared) {
            return List.of(bytes);
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(behind(0, bound.raw()));
        for (int i = 0; i < Math.min(8, genuine.size()); i++) {
            seeds.add(behind(i, genuine.get(i)));
        }
        return seeds;
    }

    @Override
    public int mutations() {
        return 300;
    }

    private static byte[] behind(int count, byte[] bytes) {
        byte[] all = new byte[bytes.length + 1];
        all[0] = (byte) count;
        System.arraycopy(bytes, 0, all, 1, bytes.length);
        return all;
    }
}
