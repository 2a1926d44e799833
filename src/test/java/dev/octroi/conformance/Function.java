package dev.octroi.conformance;

import java.util.List;
import java.util.Map;

/** The functions of ES9+ as the standard names them in both bindings (SGP.22 §5.6, §6.5.2, §6.6). */
enum Function {
    INITIATE(
            "initiateAuthentication",
            0xBF39,
            "",
            List.of("serverSigned1", "serverSignature1", "euiccCiPKIdToBeUsed", "serverCertificate"),
            Map.of("8.8.1/3.8", 1, "8.8.3/3.1", 2, "8.8.2/3.1", 3, "8.8.4/3.7", 3)),
    AUTHENTICATE(
            "authenticateClient",
            0xBF3B,
            "authenticateServerResponse",
            List.of("profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"),
            Map.ofEntries(
                    Map.entry("8.1.2/6.1", 1),
                    Map.entry("8.1.2/6.3", 2),
                    Map.entry("8.1.3/6.1", 3),
                    Map.entry("8.1.3/6.3", 4),
                    Map.entry("8.1/6.1", 5),
                    Map.entry("8.2.6/3.8", 6),
                    Map.entry("8.1.1/3.8", 7),
                    Map.entry("8.2.5/4.3", 8),
                    Map.entry("8.11.1/3.9", 9),
                    Map.entry("8.10.1/3.9", 10),
                    Map.entry("8.1/4.8", 11))),
    FETCH(
            "getBoundProfilePackage",
            0xBF3A,
            "prepareDownloadResponse",
            List.of("boundProfilePackage"),
            Map.of(
                    "8.1/6.1", 1,
                    "8.2.7/2.2", 2,
                    "8.2.7/3.8", 3,
                    "8.2.7/6.4", 4,
                    "8.2/3.7", 5,
                    "8.8.5/4.10", 6,
                    "8.10.1/3.9", 95)),
    CANCEL("cancelSession", 0xBF41, "cancelSessionResponse", List.of(), Map.of("8.10.1/3.9", 1, "8.1/6.1", 2)),
    NOTIFY("handleNotification", 0xBF3D, "pendingNotification", List.of(), Map.of());

    final String path;
    final int tag;
    final String field;
    final List<String> answers;
    private final Map<String, Integer> numbers;

    Function(String path, int tag, String field, List<String> answers, Map<String, Integer> numbers) {
        this.path = path;
        this.tag = tag;
        this.field = field;
        this.answers = answers;
        this.numbers = numbers;
    }

    /** What the ASN.1 binding says for a status of the JSON binding; 127 is undefinedError. */
    int number(String status) {
        return numbers.getOrDefault(status, 127);
    }
}
