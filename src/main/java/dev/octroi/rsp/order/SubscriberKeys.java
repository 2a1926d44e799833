package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.profile.Subscriber;
import dev.octroi.rsp.profile.Subscriber.Codes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The secrets of one subscriber as they are sealed together: K and OPc of 16 bytes one after the other for a profile that
 * was made here, and elements 80 (K), 81 (OPc), 82 (PUK), 83 (ADM) within 30 for one that was imported.
 *
 * @param k the subscriber key
 * @param opc the operator constant, empty without one
 * @param codes where the other secrets come from
 */
@SuppressWarnings("ArrayRecordComponent")
public record SubscriberKeys(byte[] k, byte[] opc, Codes codes) {
    byte[] encode() {
        return switch (codes) {
            case Codes.Derived derived -> joined();
            case Codes.Given given -> {
                List<Tlv> fields = new ArrayList<>(List.of(Tlv.of(0x80, k), Tlv.of(0x81, opc)));
                given.puk().ifPresent(puk -> fields.add(Tlv.of(0x82, puk)));
                given.adm().ifPresent(adm -> fields.add(Tlv.of(0x83, adm)));
                yield Tlv.constructed(0x30, fields).raw();
            }
        };
    }

    private byte[] joined() {
        byte[] both = Arrays.copyOf(k, k.length + opc.length);
        System.arraycopy(opc, 0, both, k.length, opc.length);
        return both;
    }

    /**
     * Reads secrets as they were stored.
     *
     * @param madeHere whether the profile was made here: elements may be as long as two keys
     */
    static SubscriberKeys decode(byte[] clear, boolean madeHere) {
        if (madeHere) {
            return new SubscriberKeys(
                    Arrays.copyOf(clear, Subscriber.KEY_BYTES),
                    Arrays.copyOfRange(clear, Subscriber.KEY_BYTES, clear.length),
                    new Codes.Derived());
        }
        try {
            Tlv all = Tlv.parse(clear).expect(0x30);
            return new SubscriberKeys(
                    all.require(0x80).value(),
                    all.require(0x81).value(),
                    new Codes.Given(optional(all, 0x82), optional(all, 0x83)));
        } catch (MalformedTlvException e) {
            throw new IllegalStateException("stored keys cannot be read", e);
        }
    }

    private static Optional<byte[]> optional(Tlv all, int tag) {
        return all.find(tag).map(Tlv::value);
    }

    /** Whether the secrets are the same, in a time that says nothing of them. */
    public boolean isSameAs(SubscriberKeys other) {
        return MessageDigest.isEqual(encode(), other.encode());
    }

    /** Nothing of the keys. */
    @Override
    public String toString() {
        return "SubscriberKeys[hidden]";
    }
}
