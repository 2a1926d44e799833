package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an API says of an assignment (AssignmentInfo of CAMARA QoS Provisioning).
 *
 * @param id the assignmentId, fit for a path
 * @param qosProfile its QoS profile; empty where the API leaves it out
 */
record QosAssignment(String id, Optional<String> qosProfile, Status status) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    QosAssignment {
        requireNonNull(id, "id is null");
        requireNonNull(qosProfile, "qosProfile is null");
        requireNonNull(status, "status is null");
    }

    /** The status of an assignment. */
    enum Status {
        REQUESTED,
        AVAILABLE,
        UNAVAILABLE;

        static Optional<Status> of(@Nullable Object word) {
            for (Status status : values()) {
                if (status.name().equals(word)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether it is of a QoS profile. */
    boolean isOf(String profile) {
        return qosProfile.isEmpty() || qosProfile.get().equals(profile);
    }

    /** Whether a text is an assignmentId. */
    static boolean isId(@Nullable Object text) {
        return text instanceof String id && ID.matcher(id).matches();
    }

    /** Reads an answer; empty when it is none. */
    static Optional<QosAssignment> read(Buffer body) {
        try {
            Map<String, Object> members = new JsonObject(body).getMap();
            Optional<Status> status = Status.of(members.get("status"));
            return status.isPresent() && members.get("assignmentId") instanceof String id && isId(id)
                    ? Optional.of(new QosAssignment(
                            id,
                            members.get("qosProfile") instanceof String profile
                                    ? Optional.of(profile)
                                    : Optional.empty(),
                            status.get()))
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
