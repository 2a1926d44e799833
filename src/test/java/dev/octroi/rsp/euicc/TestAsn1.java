package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The server's side of the ASN.1 binding, spelt out. */
final class TestAsn1 {
    private TestAsn1() {}

    static JsonNode request(String function, byte[] bytes) throws Exception {
        Tlv body = Tlv.parse(bytes).expect(0xA2).children().getFirst();
        ObjectNode json = new ObjectMapper().createObjectNode();
        switch (function) {
            case "initiateAuthentication" -> {
                body.expect(0xBF39);
                json.put("euiccChallenge", base64(body.require(0x81).value()));
                json.put("smdpAddress", body.require(0x83).asUtf8());
                json.put("euiccInfo1", base64(body.require(0xBF20).raw()));
            }
            case "authenticateClient" -> {
                body.expect(0xBF3B);
                json.put(
                        "transactionId",
                        HexFormat.of().formatHex(body.require(0x80).value()));
                json.put(
                        "authenticateServerResponse",
                        base64(body.require(0xBF38).raw()));
            }
            case "getBoundProfilePackage" -> {
                body.expect(0xBF3A);
                json.put("prepareDownloadResponse", base64(body.require(0xBF21).raw()));
            }
            case "handleNotification" ->
                json.put(
                        "pendingNotification",
                        base64(body.expect(0xBF3D).children().getFirst().raw()));
            default -> throw new IllegalArgumentException(function);
        }
        return json;
    }

    static byte[] answer(String function, ObjectNode json) throws Exception {
        int tag = switch (function) {
            case "initiateAuthentication" -> 0xBF39;
            case "authenticateClient" -> 0xBF3B;
            default -> 0xBF3A;
        };
        if (json.path("header")
                .path("functionExecutionStatus")
                .path("status")
                .asText()
                .equals("Failed")) {
            // matchingIdRefused, the one that the tests provoke
            return Tlv.constructed(0xA2, Tlv.constructed(tag, Tlv.integer(0x81, 6)))
                    .raw();
        }
        List<Tlv> parts = new ArrayList<>();
        parts.add(
                Tlv.of(0x80, HexFormat.of().parseHex(json.path("transactionId").asText())));
        for (String field : fields(function)) {
            parts.add(Tlv.parse(Base64.getDecoder().decode(json.path(field).asText())));
        }
        return Tlv.constructed(0xA2, Tlv.constructed(tag, Tlv.constructed(0xA0, parts)))
                .raw();
    }

    private static List<String> fields(String function) {
        return switch (function) {
            case "initiateAuthentication" ->
                List.of("serverSigned1", "serverSignature1", "euiccCiPKIdToBeUsed", "serverCertificate");
            case "authenticateClient" -> List.of("profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate");
            default -> List.of("boundProfilePackage");
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
