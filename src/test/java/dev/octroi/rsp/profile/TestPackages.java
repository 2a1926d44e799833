package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Operators' packages for tests: made of the minimal profile, and the generic test profile of GSMA TS.48. */
public final class TestPackages {
    private static final HexFormat HEX = HexFormat.of();
    private static final Path TS48 = Path.of("../shared/rsp/ts48");

    private TestPackages() {}

    /** A package as an operator sends it, all places with values of no subscriber. */
    public static byte[] operator() {
        return MinimalProfile.template("Operator travel", "Operator", new Plmn("208", "93"))
                .unprotected();
    }

    /** The packages of TS.48 where they are at hand, else none. */
    public static List<Path> ts48() {
        if (!Files.isDirectory(TS48)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(TS48)) {
            return files.filter(file -> file.toString().endsWith(".der"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Tlv> elements(byte[] unprotected) {
        try {
            return Tlv.parseAll(unprotected, TlvLimits.PACKAGE);
        } catch (MalformedTlvException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] join(List<Tlv> elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        elements.forEach(element -> out.writeBytes(element.raw()));
        return out.toByteArray();
    }

    /** The package with every element of a tag replaced by what the function makes of it. */
    static byte[] with(byte[] unprotected, int tag, Function<Tlv, List<Tlv>> change) {
        List<Tlv> changed = new ArrayList<>();
        for (Tlv element : elements(unprotected)) {
            changed.addAll(element.tag() == tag ? change.apply(element) : List.of(element));
        }
        return join(changed);
    }

    /** The element with one child replaced. */
    static Tlv withChild(Tlv element, int tag, Function<Tlv, List<Tlv>> change) {
        List<Tlv> children = new ArrayList<>();
        for (Tlv child : element.children()) {
            children.addAll(child.tag() == tag ? change.apply(child) : List.of(child));
        }
        return Tlv.constructed(element.tag(), children);
    }

    /** Commands that make a file with this content. */
    static Tlv managed(int identification, String directory, String file, String content) {
        return Tlv.constructed(
                PackageCheck.FILE_MANAGEMENT,
                Tlv.constructed(0xA0, Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, identification)),
                Tlv.constructed(
                        0xA1,
                        Tlv.constructed(
                                0x30,
                                Tlv.of(0x80, HEX.parseHex(directory)),
                                Tlv.constructed(
                                        0x62, Tlv.of(0x82, HEX.parseHex("4121")), Tlv.of(0x83, HEX.parseHex(file))),
                                Tlv.of(0x81, HEX.parseHex(content)))));
    }

    /** An ISIM whose identities are made of an IMSI. */
    static Tlv isim(int identification, String imsi) {
        Tlv descriptor = Tlv.constructed(0xA1, Tlv.of(0x82, HEX.parseHex("4121")));
        return Tlv.constructed(
                PackageCheck.ISIM,
                Tlv.constructed(0xA0, Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, identification)),
                Tlv.constructed(0xA3, descriptor, text(imsi + "@ims.mnc093.mcc208.3gppnetwork.org")),
                Tlv.constructed(
                        0xA4, descriptor, text("sip:" + imsi + "@ims.mnc093.mcc208.3gppnetwork.org"), text("tel:+33")));
    }

    private static Tlv text(String text) {
        return Tlv.of(PackageCheck.FILE_CONTENT, text.getBytes(StandardCharsets.US_ASCII));
    }
}
