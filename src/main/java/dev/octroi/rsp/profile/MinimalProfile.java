package dev.octroi.rsp.profile;

import static dev.octroi.rsp.profile.ProfileTemplate.hex;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The smallest profile with which a device can register on a network (TCA interoperable format 2.3): header, MF, PUK
 * and PIN codes, USIM with Milenage, the operator's security domain, end. Files come from the templates of the
 * standard wherever it has one.
 */
public final class MinimalProfile {
    private static final byte[] USIM_AID = hex("a0000000871002ff33ff018900000100");
    private static final String TEMPLATE_MF = "2.23.143.1.2.1";
    private static final String TEMPLATE_USIM = "2.23.143.1.2.4";
    private static final Iccid NO_ICCID = new Iccid("00000000000000000000");
    private static final int SPN_BYTES = 16;
    private static final int UST_BYTES = 17;

    /** Access rules in EF.ARR of the MF (TS 102 221 §9.2.7); other files refer to them by record number. */
    private static final List<String> MF_RULES = List.of(
            // 1: DF: administrative commands with ADM1.
            "80015ea40683010a9501088401d4a40683010a950108",
            // 2: read always, all else with ADM1.
            "800101900080015aa40683010a9501088401d4a40683010a950108",
            // 3: read always, never updated, (de)activated with ADM1.
            "8001019000800118a40683010a950108",
            // 4: read always, update with the PIN.
            "8001019000800102a406830101950108800158a40683010a950108");

    /** Access rules in EF.ARR of the USIM. */
    private static final List<String> USIM_RULES = List.of(
            // 1: read and update with the PIN.
            "800103a406830101950108800158a40683010a950108",
            // 2: read with the PIN, update with ADM1.
            "800101a40683010195010880015aa40683010a950108",
            // 3: read always, update with ADM1.
            "800101900080015aa40683010a950108");

    private static final String MF_ARR = "2f06";
    private static final String USIM_ARR = "6f06";

    private MinimalProfile() {}

    /**
     * Makes the template for one operator.
     *
     * @param profileType free text in the header
     * @param serviceProviderName shown by the device when it is registered, at most 16 characters of ASCII
     * @param home its length of the network code goes into EF.AD
     */
    public static ProfileTemplate template(String profileType, String serviceProviderName, Plmn home) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        for (Tlv element : List.of(
                header(profileType), mf(), pukCodes(), pinCodes(), usim(serviceProviderName, home), aka(), domain())) {
            out.writeBytes(element.raw());
        }
        out.writeBytes(Tlv.constructed(PackageCheck.END, elementHeader(7)).raw());
        try {
            return ProfileTemplate.read(out.toByteArray());
        } catch (MalformedTlvException e) {
            throw new IllegalStateException("the minimal profile is not well-formed", e);
        }
    }

    private static Tlv header(String profileType) {
        return Tlv.constructed(
                PackageCheck.HEADER,
                Tlv.integer(0x80, 2),
                Tlv.integer(0x81, 3),
                Tlv.utf8(0x82, profileType),
                Tlv.of(0x83, NO_ICCID.headerBytes()),
                // Mandatory services: USIM and Milenage.
                Tlv.constructed(0xA5, Tlv.of(0x81, new byte[0]), Tlv.of(0x84, new byte[0])),
                Tlv.constructed(0xA6, objectId(0x06, TEMPLATE_MF), objectId(0x06, TEMPLATE_USIM)));
    }

    private static Tlv mf() {
        String directory = "61184f10" + HexFormat.of().formatHex(USIM_AID) + "50045553494d";
        return Tlv.constructed(
                PackageCheck.MF,
                elementHeader(1),
                objectId(0x81, TEMPLATE_MF),
                Tlv.constructed(0xA2, Tlv.constructed(0xA1, rule(MF_ARR, 1), Tlv.of(0xC6, hex("010a0b")))),
                file(0xA3, "4121", "2f05", rule(MF_ARR, 4), 6, hex("656e6672ffff")),
                file(0xA4, "4121", "2fe2", rule(MF_ARR, 3), 0, NO_ICCID.efBytes()),
                file(0xA5, "42210026", "2f00", rule(MF_ARR, 2), 0x26, hex(directory)),
                rules(0xA6, MF_ARR, rule(MF_ARR, 2), MF_RULES));
    }

    private static Tlv pukCodes() {
        return Tlv.constructed(
                PackageCheck.PUK_CODES,
                elementHeader(2),
                Tlv.constructed(
                        0xA1,
                        Tlv.constructed(
                                0x30,
                                Tlv.integer(0x80, 0x01),
                                Tlv.of(0x81, ascii("00000000")),
                                Tlv.integer(0x82, 0xAA))));
    }

    private static Tlv pinCodes() {
        Tlv pin = Tlv.constructed(
                0x30,
                Tlv.integer(0x80, 0x01),
                Tlv.of(0x81, hex("30303030ffffffff")),
                Tlv.integer(0x82, 0x01),
                Tlv.integer(0x83, 6),
                Tlv.integer(0x84, 0x33));
        Tlv adm = Tlv.constructed(
                0x30,
                Tlv.integer(0x80, 0x0A),
                Tlv.of(0x81, ascii("00000000")),
                Tlv.integer(0x83, 3),
                Tlv.integer(0x84, 0xAA));
        return Tlv.constructed(
                PackageCheck.PIN_CODES, elementHeader(3), Tlv.constructed(0xA1, Tlv.constructed(0xA0, pin, adm)));
    }

    private static Tlv usim(String serviceProviderName, Plmn home) {
        byte[] name = new byte[1 + SPN_BYTES];
        Arrays.fill(name, (byte) 0xFF);
        // Show the name, whatever network the traveller is on.
        name[0] = 0x00;
        byte[] text = ascii(serviceProviderName);
        System.arraycopy(text, 0, name, 1, Math.min(text.length, SPN_BYTES));
        byte[] administrative = {0, 0, 0, (byte) home.mnc().length()};
        return Tlv.constructed(
                PackageCheck.USIM,
                elementHeader(4),
                objectId(0x81, TEMPLATE_USIM),
                Tlv.constructed(
                        0xA2,
                        Tlv.constructed(
                                0xA1,
                                Tlv.of(0x83, hex("7ff0")),
                                Tlv.of(0x84, USIM_AID),
                                rule(MF_ARR, 1),
                                Tlv.of(0xC6, hex("81010a0b")))),
                file(0xA3, "4121", "6f07", rule(USIM_ARR, 2), 0, new Imsi("000000000000000").efBytes()),
                rules(0xA4, USIM_ARR, rule(USIM_ARR, 3), USIM_RULES),
                // Services of TS 31.102 §4.2.8: 19 service provider name, 33 shall be on.
                file(0xA8, "4121", "6f38", rule(USIM_ARR, 2), UST_BYTES, services(19, 33)),
                file(0xAD, "4121", "6f46", rule(USIM_ARR, 3), 0, name),
                file(0xAE, "4121", "6f56", rule(USIM_ARR, 1), 0, new byte[1]),
                file(0xB2, "4121", "6f78", rule(USIM_ARR, 2), 0, new byte[2]),
                file(0xB5, "4121", "6fad", rule(USIM_ARR, 3), 0, administrative),
                // 112 as the one emergency number; the device adds those of the visited network.
                file(0xB6, "4221000e", "6fb7", rule(USIM_ARR, 3), 0x0E, hex("11f2ff534f53ffffffffffffff00")));
    }

    private static Tlv aka() {
        Tlv parameters = Tlv.constructed(
                0xA1,
                Tlv.integer(0x80, 1),
                Tlv.of(0x81, new byte[1]),
                Tlv.of(0x82, new byte[16]),
                Tlv.of(0x83, new byte[16]));
        return Tlv.constructed(PackageCheck.AKA_PARAMETER, elementHeader(5), Tlv.constructed(0xA1, parameters));
    }

    private static Tlv domain() {
        Tlv instance = Tlv.constructed(
                0xA1,
                Tlv.of(0x4F, hex("a0000001515350")),
                Tlv.of(0x4F, hex("a000000151535041")),
                Tlv.of(0x4F, hex("a000000151000000")),
                Tlv.of(0x82, hex("82dc00")),
                Tlv.of(0x83, hex("0f")),
                Tlv.of(0xC9, hex("810280008201f08301f08701f0")),
                Tlv.constructed(0xEA, Tlv.of(0x80, hex("010000000002010206b2010000000000"))));
        return Tlv.constructed(
                PackageCheck.SECURITY_DOMAIN,
                elementHeader(6),
                instance,
                Tlv.constructed(0xA2, domainKey(0x18, 1), domainKey(0x14, 2), domainKey(0x48, 3)));
    }

    /** One AES key of set 1: encryption, authentication or data encryption by its usage. */
    private static Tlv domainKey(int usage, int number) {
        return Tlv.constructed(
                0x30,
                Tlv.of(0x95, new byte[] {(byte) usage}),
                Tlv.of(0x82, new byte[] {(byte) number}),
                Tlv.of(0x83, new byte[] {1}),
                Tlv.constructed(0x30, Tlv.constructed(0x30, Tlv.of(0x80, hex("88")), Tlv.of(0x86, new byte[16]))));
    }

    private static Tlv elementHeader(int identification) {
        return Tlv.constructed(0xA0, Tlv.of(0x80, new byte[0]), Tlv.integer(0x81, identification));
    }

    private static Tlv file(int tag, String descriptor, String id, Tlv rule, int size, byte[] content) {
        Tlv fcp = size == 0
                ? Tlv.constructed(0xA1, Tlv.of(0x82, hex(descriptor)), Tlv.of(0x83, hex(id)), rule)
                : Tlv.constructed(
                        0xA1,
                        Tlv.of(0x82, hex(descriptor)),
                        Tlv.of(0x83, hex(id)),
                        rule,
                        Tlv.of(0x80, sizeBytes(size)));
        return Tlv.constructed(tag, fcp, Tlv.of(PackageCheck.FILE_CONTENT, content));
    }

    /** EF.ARR: a linear fixed file with one record for each rule, padded to the longest. */
    private static Tlv rules(int tag, String id, Tlv rule, List<String> rules) {
        int record = rules.stream().mapToInt(text -> text.length() / 2).max().orElseThrow();
        byte[] content = new byte[record * rules.size()];
        Arrays.fill(content, (byte) 0xFF);
        for (int i = 0; i < rules.size(); i++) {
            byte[] bytes = hex(rules.get(i));
            System.arraycopy(bytes, 0, content, i * record, bytes.length);
        }
        return file(tag, "422100%02x".formatted(record), id, rule, content.length, content);
    }

    private static Tlv rule(String file, int record) {
        return Tlv.of(0x8B, hex("%s%02x".formatted(file, record)));
    }

    private static byte[] services(int... numbers) {
        byte[] table = new byte[UST_BYTES];
        for (int number : numbers) {
            table[(number - 1) / 8] |= (byte) (1 << ((number - 1) % 8));
        }
        return table;
    }

    private static byte[] sizeBytes(int size) {
        return size < 0x100 ? new byte[] {(byte) size} : new byte[] {(byte) (size >>> 8), (byte) size};
    }

    private static Tlv objectId(int tag, String dotted) {
        return Tlv.of(tag, new ObjectId(dotted).bytes());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
