package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.Base64;

/** A successful answer of ES9+. Fields that this version does not know are passed over. */
record Es9Answer(String step, JsonNode body) {
    String text(String field) throws LpaException {
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw LpaSession.refused(step, "answer without " + field);
        }
        return value.textValue();
    }

    /** Base64, whose lines some servers break. */
    byte[] bytes(String field) throws LpaException {
        try {
            return Base64.getDecoder().decode(text(field).replaceAll("[\\r\\n\\t ]", ""));
        } catch (IllegalArgumentException e) {
            throw LpaSession.refused(step, field + " is not base64");
        }
    }

    Tlv element(String field, int tag) throws LpaException {
        try {
            return Tlv.parse(bytes(field), TlvLimits.PACKAGE).expect(tag);
        } catch (MalformedTlvException e) {
            throw LpaSession.refused(step, field + ": " + e.getMessage());
        }
    }
}
