package dev.octroi.rsp.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.profile.Subscriber.Codes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packages of operators: what is refused and why, and that nothing but a subscriber's values is written. */
class OperatorPackageTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] K = HEX.parseHex("465b5ce8b199b49faa5f0a2ee238a6bc");
    private static final byte[] OPC = HEX.parseHex("cd63cb71954a9f4e48a5994e37a02baf");
    private static final Codes KEEP = new Codes.Given(Optional.empty(), Optional.empty());
    private static final Subscriber SUBSCRIBER =
            new Subscriber(new Iccid("89330100000000000128"), new Imsi("208930000000003"), K, OPC, KEEP);

    @Test
    void onlyTheSubscribersValuesAreWrittenOverAndAllElseStaysByteForByte() {
        byte[] operator = TestPackages.operator();
        ProfileTemplate template = usable(operator);
        byte[] personal = template.personalise(SUBSCRIBER);

        boolean[] mayDiffer = new boolean[operator.length];
        for (Slot slot : template.slots()) {
            if (slot.kind() != Slot.Kind.PUK && slot.kind() != Slot.Kind.ADM && slot.kind() != Slot.Kind.OTA_KEY) {
                Arrays.fill(mayDiffer, slot.offset(), slot.offset() + slot.length(), true);
            }
        }
        for (int i = 0; i < operator.length; i++) {
            assertThat(mayDiffer[i] || operator[i] == personal[i])
                    .as("byte %d", i)
                    .isTrue();
        }
        assertThat(personal).isNotEqualTo(operator);
    }

    @Test
    void unblockingAndAdministrativeCodesOfTheSubscriberReplaceThoseOfThePackage() {
        ProfileTemplate template = usable(TestPackages.operator());
        byte[] puk = "12345678".getBytes(StandardCharsets.US_ASCII);
        byte[] adm = "87654321".getBytes(StandardCharsets.US_ASCII);
        byte[] personal = template.personalise(new Subscriber(
                SUBSCRIBER.iccid(), SUBSCRIBER.imsi(), K, OPC, new Codes.Given(Optional.of(puk), Optional.of(adm))));
        assertThat(valueOf(template, personal, Slot.Kind.PUK)).isEqualTo(puk);
        assertThat(valueOf(template, personal, Slot.Kind.ADM)).isEqualTo(adm);
    }

    @Test
    void fileWrittenInPiecesIsWrittenOverPieceByPiece() throws MalformedTlvException {
        byte[] pieces = TestPackages.with(
                TestPackages.operator(),
                PackageCheck.MF,
                mf -> List.of(TestPackages.withChild(
                        mf,
                        0xA4,
                        file -> List.of(Tlv.constructed(
                                        0xA4,
                                        file.find(0xA1).orElseThrow(),
                                        // Six bytes at 4, then the four before them by a second write from the start.
                                        Tlv.integer(0x82, 4),
                                        content("000000000000"),
                                        Tlv.integer(0x82, 0)))
                                .stream()
                                .map(made -> Tlv.constructed(0xA4, patterned(made)))
                                .toList())));
        ProfileTemplate template = usable(pieces);
        assertThat(template.slots())
                .filteredOn(slot -> slot.kind() == Slot.Kind.ICCID_FILE)
                .extracting(Slot::from)
                .containsExactly(0, 4);
        Tlv file =
                TestPackages.elements(template.personalise(SUBSCRIBER)).get(1).require(0xA4);
        byte[] pattern = file.require(0xA1).require(0xA5).require(0xC1).value();
        byte[] written = file.require(0x83).value();
        assertThat(HEX.formatHex(pattern).substring(0, 8) + HEX.formatHex(written))
                .isEqualTo(HEX.formatHex(SUBSCRIBER.iccid().efBytes()));
    }

    /** A fill pattern of ten bytes below the pieces. */
    private static List<Tlv> patterned(Tlv file) {
        return file.children().stream()
                .map(child -> child.tag() != 0xA1
                        ? child
                        : Tlv.constructed(
                                0xA1,
                                child.find(0x82).orElseThrow(),
                                Tlv.constructed(0xA5, Tlv.of(0xC1, new byte[10]))))
                .toList();
    }

    @Test
    void fileMadeByCommandsIsFoundByItsPath() {
        byte[] byTemplate = TestPackages.operator();
        byte[] byCommands = TestPackages.with(
                TestPackages.with(
                        byTemplate,
                        PackageCheck.MF,
                        mf -> List.of(
                                TestPackages.withChild(mf, 0xA4, file -> List.of()),
                                TestPackages.managed(40, "3f00", "2fe2", "00000000000000000000"))),
                PackageCheck.USIM,
                usim -> List.of(
                        TestPackages.withChild(usim, 0xA3, file -> List.of()),
                        TestPackages.managed(41, "7ff0", "6f07", "089910100000000000")));
        ProfileTemplate template = usable(byCommands);
        byte[] personal = template.personalise(SUBSCRIBER);
        assertThat(valueOf(template, personal, Slot.Kind.ICCID_FILE))
                .isEqualTo(SUBSCRIBER.iccid().efBytes());
        assertThat(valueOf(template, personal, Slot.Kind.IMSI))
                .isEqualTo(SUBSCRIBER.imsi().efBytes());
    }

    @Test
    void identitiesOfTheIsimFollowTheImsi() {
        byte[] withIsim = TestPackages.with(
                TestPackages.operator(),
                PackageCheck.SECURITY_DOMAIN,
                domain -> List.of(TestPackages.isim(50, "000000000000000"), domain));
        ProfileTemplate template = usable(withIsim);
        assertThat(template.imsiDigits()).isEqualTo(15);
        String personal = new String(template.personalise(SUBSCRIBER), StandardCharsets.ISO_8859_1);
        assertThat(personal)
                .contains("208930000000003@ims.mnc093", "sip:208930000000003@ims")
                .doesNotContain("000000000000000@");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.personalise(
                        new Subscriber(SUBSCRIBER.iccid(), new Imsi("20893000000003"), K, OPC, KEEP)));
    }

    @Test
    void accessClassesOfStaffStayWhileThatOfTheSubscriberFollowsTheImsi() {
        byte[] staff = TestPackages.with(
                TestPackages.operator(),
                PackageCheck.USIM,
                usim -> List.of(TestPackages.withChild(
                        usim,
                        0xB2,
                        file -> List.of(Tlv.constructed(0xB2, file.find(0xA1).orElseThrow(), content("8801"))))));
        ProfileTemplate template = usable(staff);
        assertThat(valueOf(template, template.personalise(SUBSCRIBER), Slot.Kind.ACCESS_CLASS))
                .isEqualTo(HEX.parseHex("8808"));
    }

    @Test
    void everyFaultHasItsNameAndNeverTheBytes() {
        byte[] good = TestPackages.operator();
        List<Tlv> elements = TestPackages.elements(good);
        assertThat(fault(new byte[] {1, 2, 3})).isEqualTo(PackageFault.NOT_DER);
        assertThat(fault(new byte[0])).isEqualTo(PackageFault.HEADER_MISSING);
        assertThat(fault(new byte[ProfileTemplate.MAX_BYTES + 1])).isEqualTo(PackageFault.TOO_LARGE);
        assertThat(fault(Arrays.copyOf(good, good.length - 1))).isEqualTo(PackageFault.NOT_DER);
        assertThat(fault(TestPackages.join(elements.subList(1, elements.size()))))
                .isEqualTo(PackageFault.HEADER_MISSING);
        assertThat(fault(TestPackages.join(elements.subList(0, elements.size() - 1))))
                .isEqualTo(PackageFault.END_MISSING);
        assertThat(fault(header(0x80, Tlv.integer(0x80, 1)))).isEqualTo(PackageFault.VERSION_UNSUPPORTED);
        assertThat(fault(header(0x80, Tlv.integer(0x80, 4)))).isEqualTo(PackageFault.VERSION_UNSUPPORTED);
        assertThat(fault(header(0x83, Tlv.of(0x83, new byte[9])))).isEqualTo(PackageFault.ELEMENT_MALFORMED);
        assertThat(fault(header(0x83, Tlv.of(0x83, HEX.parseHex("8933010000000000019f")))))
                .isEqualTo(PackageFault.ICCID_MISMATCH);
        assertThat(fault(TestPackages.with(good, PackageCheck.PUK_CODES, puk -> List.of(puk, puk))))
                .isEqualTo(PackageFault.IDENTIFICATION_REPEATED);
        for (int tag :
                new int[] {PackageCheck.MF, PackageCheck.USIM, PackageCheck.AKA_PARAMETER, PackageCheck.SECURITY_DOMAIN
                }) {
            assertThat(fault(TestPackages.with(good, tag, element -> List.of())))
                    .as("%X", tag)
                    .isEqualTo(PackageFault.ELEMENT_MISSING);
        }
        Tlv mandated = unknown(Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, 60));
        assertThat(fault(TestPackages.with(good, PackageCheck.END, end -> List.of(mandated, end))))
                .isEqualTo(PackageFault.ELEMENT_UNKNOWN);
        assertThat(fault(TestPackages.with(
                        TestPackages.with(good, PackageCheck.USIM, usim -> List.of()),
                        PackageCheck.HEADER,
                        head -> List.of(head, elements.get(4)))))
                .isEqualTo(PackageFault.ELEMENT_ORDER);
        assertThat(fault(without(PackageCheck.MF, 0xA4))).isEqualTo(PackageFault.ICCID_MISSING);
        assertThat(fault(without(PackageCheck.USIM, 0xA3))).isEqualTo(PackageFault.IMSI_MISSING);
        assertThat(fault(without(PackageCheck.AKA_PARAMETER, 0xA1))).isEqualTo(PackageFault.KEY_MISSING);
        assertThat(fault(TestPackages.with(
                        good,
                        PackageCheck.AKA_PARAMETER,
                        aka -> List.of(TestPackages.withChild(
                                aka,
                                0xA1,
                                choice -> List.of(Tlv.constructed(
                                        0xA1,
                                        TestPackages.withChild(
                                                choice.find(0xA1).orElseThrow(), 0x83, opc -> List.of()))))))))
                .isEqualTo(PackageFault.OPC_MISSING);
    }

    @Test
    void elementThatNoCardHasToKnowIsPassedOver() {
        Tlv optional = unknown(Tlv.integer(0x81, 60));
        byte[] newer = TestPackages.with(TestPackages.operator(), PackageCheck.END, end -> List.of(optional, end));
        assertThat(usable(newer).personalise(SUBSCRIBER)).contains(optional.raw());
    }

    @Test
    void versionThreeIsTakenAndToldToThoseWhoAskForIt() {
        assertThat(usable(header(0x80, Tlv.integer(0x80, 3))).facts().majorVersion())
                .isEqualTo(3);
    }

    @Test
    void storedTemplateIsReadBackWithoutParsing() {
        byte[] withIsim = TestPackages.with(
                TestPackages.operator(),
                PackageCheck.SECURITY_DOMAIN,
                domain -> List.of(TestPackages.isim(50, "000000000000000"), domain));
        ProfileTemplate template = usable(withIsim);
        byte[] stored = CompiledTemplate.encode(template);
        ProfileTemplate again = CompiledTemplate.decode(stored);
        assertThat(again.slots()).isEqualTo(template.slots());
        assertThat(again.facts()).isEqualTo(template.facts());
        assertThat(again.personalise(SUBSCRIBER)).isEqualTo(template.personalise(SUBSCRIBER));
        assertThatIllegalStateException().isThrownBy(() -> CompiledTemplate.decode(Arrays.copyOf(stored, 40)));
        stored[0] = 9;
        assertThatIllegalStateException().isThrownBy(() -> CompiledTemplate.decode(stored));
    }

    @Test
    void testProfilesOfTheGsmaArePersonalisedAndReadAgain() throws Exception {
        List<Path> files = TestPackages.ts48();
        assumeThat(files).as("TS.48 beside the project").isNotEmpty();
        for (Path file : files) {
            byte[] original = Files.readAllBytes(file);
            ProfileTemplate template = usable(original);
            assertThat(template.facts().profileType()).isEqualTo("GSMA Generic eUICC Test Profile");
            assertThat(template.slots())
                    .extracting(Slot::kind)
                    .contains(
                            Slot.Kind.ICCID_HEADER,
                            Slot.Kind.ICCID_FILE,
                            Slot.Kind.IMSI,
                            Slot.Kind.IMSI_TEXT,
                            Slot.Kind.ACCESS_CLASS,
                            Slot.Kind.K,
                            Slot.Kind.OPC);
            // USIM and ISIM have parameters of their own.
            assertThat(template.slots().stream().filter(slot -> slot.kind() == Slot.Kind.K))
                    .hasSize(2);
            byte[] personal = template.personalise(SUBSCRIBER);
            assertThat(personal).hasSameSizeAs(original);
            assertThat(usable(personal).slots()).isEqualTo(template.slots());
            assertThat(valueOf(template, personal, Slot.Kind.ICCID_FILE))
                    .isEqualTo(SUBSCRIBER.iccid().efBytes());
            assertThat(valueOf(template, personal, Slot.Kind.IMSI))
                    .isEqualTo(SUBSCRIBER.imsi().efBytes());
            int changed = 0;
            for (int i = 0; i < original.length; i++) {
                changed += original[i] == personal[i] ? 0 : 1;
            }
            assertThat(changed).as(file.getFileName().toString()).isBetween(60, 200);
        }
    }

    @Test
    void damagedPackagesOfTheGsmaAreRefusedOrReadButNeverEscape() throws IOException {
        Random random = new Random(48);
        List<Path> files = TestPackages.ts48();
        byte[] good = files.isEmpty() ? TestPackages.operator() : Files.readAllBytes(files.getFirst());
        for (int round = 0; round < 2_000; round++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            switch (ProfileTemplate.inspect(bad)) {
                case PackageReading.Refused refused ->
                    assertThat(refused.detail()).as("seed 48, round %d", round).isNotEmpty();
                case PackageReading.Usable usable -> {
                    ProfileTemplate read = CompiledTemplate.decode(CompiledTemplate.encode(usable.template()));
                    assertThat(read.slots()).isEqualTo(usable.template().slots());
                }
            }
        }
    }

    private static Tlv unknown(Tlv... head) {
        return Tlv.constructed(0xAF, Tlv.constructed(0xA0, head));
    }

    private static byte[] header(int tag, Tlv value) {
        return TestPackages.with(
                TestPackages.operator(),
                PackageCheck.HEADER,
                header -> List.of(TestPackages.withChild(header, tag, old -> List.of(value))));
    }

    private static byte[] without(int element, int child) {
        return TestPackages.with(
                TestPackages.operator(),
                element,
                found -> List.of(TestPackages.withChild(found, child, old -> List.of())));
    }

    private static Tlv content(String hex) {
        return Tlv.of(PackageCheck.FILE_CONTENT, HEX.parseHex(hex));
    }

    private static ProfileTemplate usable(byte[] unprotected) {
        PackageReading reading = ProfileTemplate.inspect(unprotected);
        assertThat(reading).isInstanceOf(PackageReading.Usable.class);
        return ((PackageReading.Usable) reading).template();
    }

    private static PackageFault fault(byte[] unprotected) {
        PackageReading reading = ProfileTemplate.inspect(unprotected);
        assertThat(reading).isInstanceOf(PackageReading.Refused.class);
        return ((PackageReading.Refused) reading).fault();
    }

    private static byte[] valueOf(ProfileTemplate template, byte[] personal, Slot.Kind kind) {
        Slot slot = template.slots().stream()
                .filter(each -> each.kind() == kind)
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(personal, slot.offset(), slot.offset() + slot.length());
    }
}
