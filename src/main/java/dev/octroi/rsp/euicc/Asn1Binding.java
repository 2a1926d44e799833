package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * ES9+ in the ASN.1 binding (SGP.22 v2.5 §6.6): the same messages as in JSON, with tags instead of names. The LPA
 * thinks in JSON; this translates.
 */
record Asn1Binding(
        String function, int tag, List<Field> request, List<Field> answer, Map<Integer, String> statusByError) {
    private static final List<Asn1Binding> ALL = List.of(
            new Asn1Binding(
                    "initiateAuthentication",
                    0xBF39,
                    List.of(
                            new Field("euiccChallenge", 0x81, Form.VALUE),
                            new Field("smdpAddress", 0x83, Form.TEXT),
                            new Field("euiccInfo1", 0xBF20, Form.ELEMENT)),
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("serverSigned1", 0x30, Form.ELEMENT),
                            new Field("serverSignature1", 0x5F37, Form.ELEMENT),
                            new Field("euiccCiPKIdToBeUsed", 0x04, Form.ELEMENT),
                            new Field("serverCertificate", 0x30, Form.ELEMENT)),
                    Map.of(1, "8.8.1/3.8", 2, "8.8.3/3.1", 3, "8.8.4/3.7")),
            new Asn1Binding(
                    "authenticateClient",
                    0xBF3B,
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("authenticateServerResponse", 0xBF38, Form.ELEMENT)),
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("profileMetadata", 0xBF25, Form.ELEMENT),
                            new Field("smdpSigned2", 0x30, Form.ELEMENT),
                            new Field("smdpSignature2", 0x5F37, Form.ELEMENT),
                            new Field("smdpCertificate", 0x30, Form.ELEMENT)),
                    Map.ofEntries(
                            Map.entry(1, "8.1.2/6.1"),
                            Map.entry(2, "8.1.2/6.3"),
                            Map.entry(3, "8.1.3/6.1"),
                            Map.entry(4, "8.1.3/6.3"),
                            Map.entry(5, "8.1/6.1"),
                            Map.entry(6, "8.2.6/3.8"),
                            Map.entry(7, "8.1.1/3.8"),
                            Map.entry(8, "8.2.5/4.3"),
                            Map.entry(9, "8.11.1/3.9"),
                            Map.entry(10, "8.10.1/3.9"),
                            Map.entry(11, "8.1/4.8"))),
            new Asn1Binding(
                    "getBoundProfilePackage",
                    0xBF3A,
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("prepareDownloadResponse", 0xBF21, Form.ELEMENT)),
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("boundProfilePackage", 0xBF36, Form.ELEMENT)),
                    Map.of(
                            1, "8.1/6.1",
                            2, "8.2.7/2.2",
                            3, "8.2.7/3.8",
                            4, "8.2.7/6.4",
                            5, "8.2/3.7",
                            6, "8.8.5/4.10",
                            95, "8.10.1/3.9")),
            new Asn1Binding(
                    "cancelSession",
                    0xBF41,
                    List.of(
                            new Field("transactionId", 0x80, Form.HEX),
                            new Field("cancelSessionResponse", 0xBF41, Form.ELEMENT)),
                    List.of(),
                    Map.of(1, "8.10.1/3.9", 2, "8.1/6.1")),
            new Asn1Binding(
                    "handleNotification",
                    0xBF3D,
                    List.of(new Field("pendingNotification", 0, Form.ELEMENT)),
                    List.of(),
                    Map.of()));

    static final String CONTENT_TYPE = "application/x-gsma-rsp-asn1";

    private static final int ENVELOPE = 0xA2;
    private static final ObjectMapper JSON = new ObjectMapper();

    enum Form {
        /** Base64 of the whole element in JSON. */
        ELEMENT,
        /** Base64 of the value. */
        VALUE,
        /** Hexadecimal of the value. */
        HEX,
        /** The value as it is. */
        TEXT
    }

    record Field(String name, int tag, Form form) {}

    static Asn1Binding of(String function) {
        for (Asn1Binding binding : ALL) {
            if (binding.function.equals(function)) {
                return binding;
            }
        }
        throw new IllegalArgumentException("no function of ES9+: " + function);
    }

    /** The message for a request in its JSON form. */
    byte[] encode(ObjectNode json) {
        try {
            List<Tlv> parts = new ArrayList<>();
            for (Field field : request) {
                String text = json.path(field.name()).asText();
                parts.add(
                        switch (field.form()) {
                            case ELEMENT -> Tlv.parse(Base64.getDecoder().decode(text), TlvLimits.PACKAGE);
                            case VALUE ->
                                Tlv.of(field.tag(), Base64.getDecoder().decode(text));
                            case HEX -> Tlv.of(field.tag(), HexFormat.of().parseHex(text));
                            case TEXT -> Tlv.utf8(field.tag(), text);
                        });
            }
            return Tlv.constructed(ENVELOPE, Tlv.constructed(tag, parts)).raw();
        } catch (MalformedTlvException e) {
            throw new IllegalArgumentException("request cannot be encoded", e);
        }
    }

    /** The answer in its JSON form, a failure included. */
    ObjectNode decode(byte[] bytes) throws MalformedTlvException {
        Tlv body = Tlv.parse(bytes, TlvLimits.PACKAGE).expect(ENVELOPE).require(tag);
        ObjectNode json = JSON.createObjectNode();
        ObjectNode execution = json.putObject("header").putObject("functionExecutionStatus");
        if (body.find(0xA0).isEmpty()) {
            int error = body.children().isEmpty()
                    ? -1
                    : body.children().getFirst().expect(0x81).asInt();
            String[] status = statusByError.getOrDefault(error, "1.2/4.2").split("/", -1);
            execution.put("status", "Failed");
            execution
                    .putObject("statusCodeData")
                    .put("subjectCode", status[0])
                    .put("reasonCode", status[1])
                    .put("message", "error " + error);
            return json;
        }
        execution.put("status", "Executed-Success");
        List<Tlv> parts = body.require(0xA0).children();
        if (parts.size() < answer.size()) {
            throw new MalformedTlvException("answer is incomplete");
        }
        for (int i = 0; i < answer.size(); i++) {
            Field field = answer.get(i);
            Tlv part = parts.get(i).expect(field.tag());
            json.put(
                    field.name(),
                    field.form() == Form.HEX
                            ? HexFormat.of().formatHex(part.value())
                            : Base64.getEncoder().encodeToString(part.raw()));
        }
        return json;
    }
}
