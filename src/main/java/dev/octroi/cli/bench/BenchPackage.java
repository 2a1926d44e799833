package dev.octroi.cli.bench;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.profile.MinimalProfile;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** A profile package as large as an operator's: the smallest that works, and files of random content beside it. */
final class BenchPackage {
    private static final HexFormat HEX = HexFormat.of();
    private static final int FILE_MANAGEMENT = 0xA1;
    private static final int FILE_BYTES = 900;
    private static final int FIRST_IDENTIFICATION = 20;
    private static final int FIRST_FILE = 0x4F10;

    private BenchPackage() {}

    /**
     * Makes an unprotected package in the interoperable format.
     *
     * @param bytes about its length; not below that of the smallest profile
     */
    static byte[] of(int bytes, Plmn home, RandomGenerator random) throws MalformedTlvException {
        byte[] smallest = MinimalProfile.template("Bench", "Bench", home).unprotected();
        List<Tlv> elements = new ArrayList<>(Tlv.parseAll(smallest, TlvLimits.PACKAGE));
        Tlv end = elements.removeLast();
        int left = bytes - smallest.length;
        for (int i = 0; left > 0; i++, left -= FILE_BYTES) {
            byte[] content = new byte[Math.min(left, FILE_BYTES)];
            random.nextBytes(content);
            elements.add(file(i, content));
        }
        elements.add(end);
        return Tlv.concat(elements);
    }

    /** Commands that make a transparent file under the MF. */
    private static Tlv file(int number, byte[] content) {
        Tlv descriptor = Tlv.constructed(
                0x62,
                Tlv.of(0x82, HEX.parseHex("4121")),
                Tlv.of(0x83, HEX.parseHex("%04x".formatted(FIRST_FILE + number))));
        return Tlv.constructed(
                FILE_MANAGEMENT,
                Tlv.constructed(0xA0, Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, FIRST_IDENTIFICATION + number)),
                Tlv.constructed(
                        0xA1,
                        Tlv.constructed(0x30, Tlv.of(0x80, HEX.parseHex("3f00")), descriptor, Tlv.of(0x81, content))));
    }
}
