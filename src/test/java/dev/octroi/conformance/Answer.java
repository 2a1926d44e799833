package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;

/**
 * An answer of ES9+ whatever its binding.
 *
 * @param function that was called
 * @param asn1 the binding
 * @param status "ok", subject and reason code, or the number of the ASN.1 binding
 * @param transactionId in upper-case hexadecimal digits, empty when the answer has none
 * @param parts the elements by their names in JSON
 * @param http as received
 */
record Answer(
        Function function,
        boolean asn1,
        String status,
        String transactionId,
        Map<String, Der.Element> parts,
        HttpResponse<byte[]> http) {

    Answer accepted() {
        assertThat(status).as(function.path).isEqualTo("ok");
        return this;
    }

    /** Refused with the status, or with the number that stands for it in ASN.1; and nothing but the status in it. */
    Answer refused(String expected) {
        assertThat(status)
                .as("%s, expected %s", function.path, expected)
                .isEqualTo(asn1 ? Integer.toString(function.number(expected)) : expected);
        assertThat(parts).isEmpty();
        assertThat(transactionId).isEmpty();
        return this;
    }

    Der.Element part(String name) {
        accepted();
        return parts.get(name);
    }
}
