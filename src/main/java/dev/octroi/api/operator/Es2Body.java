package dev.octroi.api.operator;

import dev.octroi.access.Partner;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The body of an ES2+ request (SGP.22 §6.5.2). Unknown fields are passed over. */
final class Es2Body {
    private static final int MAX_TEXT = 255;

    private final JsonObject json;
    private String requester = "";
    private String callIdentifier = "";

    private Es2Body(JsonObject json) {
        this.json = json;
    }

    /** A body that cannot be taken. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient GsmaStatus status;

        Refused(GsmaStatus status) {
            super(status.toString(), null, false, false);
            this.status = status;
        }

        GsmaStatus status() {
            return status;
        }
    }

    static Es2Body read(@Nullable Buffer body) throws Refused {
        Es2Body read = new Es2Body(object(body));
        read.checkHeader();
        return read;
    }

    /** A body as the JSON object that it has to be. */
    static JsonObject object(@Nullable Buffer body) throws Refused {
        try {
            return new JsonObject(body == null ? Buffer.buffer() : body);
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw new Refused(GsmaStatus.INVALID_INPUT);
        }
    }

    /** Both identifiers are mandatory for operators (SGP.22 §6.5.1.3). */
    private void checkHeader() throws Refused {
        if (!(json.getValue("header") instanceof JsonObject header)) {
            throw new Refused(GsmaStatus.MISSING_INPUT);
        }
        Es2Body fields = new Es2Body(header);
        requester = fields.requireText("functionRequesterIdentifier");
        callIdentifier = fields.requireText("functionCallIdentifier");
    }

    /** The {@code functionRequesterIdentifier}. */
    String requester() {
        return requester;
    }

    /** The call as the orders know it. */
    OperatorCall call(Partner partner) {
        Map<String, Object> content = new TreeMap<>(json.getMap());
        content.remove("header");
        return new OperatorCall(
                partner.tenantId(),
                partner.id(),
                partner.es2().profileTypes(),
                callIdentifier,
                new JsonObject(content).encode());
    }

    String requireText(String name) throws Refused {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw new Refused(GsmaStatus.MISSING_INPUT);
        }
        return text;
    }

    @Nullable
    String text(String name) throws Refused {
        @Nullable Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && text.length() <= MAX_TEXT) {
            return text;
        }
        throw new Refused(GsmaStatus.INVALID_INPUT);
    }

    boolean requireFlag(String name) throws Refused {
        @Nullable Object value = json.getValue(name);
        if (value == null) {
            throw new Refused(GsmaStatus.MISSING_INPUT);
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new Refused(GsmaStatus.INVALID_INPUT);
    }

    Iccid requireIccid() throws Refused {
        requireText("iccid");
        Iccid iccid = iccid();
        if (iccid == null) {
            throw new Refused(GsmaStatus.MISSING_INPUT);
        }
        return iccid;
    }

    @Nullable
    Iccid iccid() throws Refused {
        String text = text("iccid");
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!Iccid.isValid(text)) {
            throw new Refused(GsmaStatus.INVALID_INPUT);
        }
        return Iccid.ofText(text);
    }

    @Nullable
    Eid eid() throws Refused {
        String text = text("eid");
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!Eid.isValid(text)) {
            throw new Refused(GsmaStatus.INVALID_INPUT);
        }
        return new Eid(text);
    }
}
