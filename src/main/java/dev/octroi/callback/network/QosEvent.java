package dev.octroi.callback.network;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An event of CAMARA QoS Provisioning, as a CloudEvent 1.0 in JSON. Pure.
 *
 * @param assignmentId whose status changed
 * @param status the status it has now
 */
record QosEvent(String assignmentId, QosAssignment.Status status) {
    /** Also the type of the versions before 0.2, when the API had another name. */
    private static final Pattern TYPE =
            Pattern.compile("org\\.camaraproject\\.qo[sd]-provisioning\\.v[0-9]{1,3}(\\.[0-9]{1,3})?\\.status-changed");

    private static final int MAX_TYPE = 512;

    /** What could be read. */
    sealed interface Read {
        /** A change of status. */
        record Changed(QosEvent event) implements Read {}

        /** An event of another type: a later version of the API may have some. */
        record Other() implements Read {}

        /** No event at all, and why. */
        record Malformed(String reason) implements Read {}
    }

    /** Reads a body of at most 64 KiB. */
    static Read read(Buffer body) {
        Map<String, Object> event;
        try {
            event = new JsonObject(body).getMap();
        } catch (DecodeException | ClassCastException e) {
            return new Read.Malformed("The body is no JSON object");
        }
        if (event == null) {
            return new Read.Malformed("The body is no JSON object");
        }
        if (!"1.0".equals(event.get("specversion"))) {
            return new Read.Malformed("specversion is not 1.0");
        }
        for (String name : new String[] {"id", "source", "type", "time"}) {
            if (!(event.get(name) instanceof String text) || text.isEmpty() || text.length() > 2_048) {
                return new Read.Malformed(name + " is missing or not of its form");
            }
        }
        String type = String.valueOf(event.get("type"));
        if (type.length() > MAX_TYPE || !TYPE.matcher(type).matches()) {
            return new Read.Other();
        }
        if (!(event.get("data") instanceof Map<?, ?> data)) {
            return new Read.Malformed("data is missing or no object");
        }
        Optional<QosAssignment.Status> status = QosAssignment.Status.of(String.valueOf(data.get("status")))
                .filter(word -> word != QosAssignment.Status.REQUESTED);
        if (status.isEmpty()) {
            return new Read.Malformed("data.status is neither AVAILABLE nor UNAVAILABLE");
        }
        return data.get("assignmentId") instanceof String id && QosAssignment.isId(id)
                ? new Read.Changed(new QosEvent(id, status.get()))
                : new Read.Malformed("data.assignmentId is missing or not of its form");
    }
}
