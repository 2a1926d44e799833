package dev.octroi.callback.connector;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * How a device is named to a CAMARA API: by a network access identifier (3GPP TS 23.003 §19.7.2, External Identifier), whose
 * local part is an identifier that Octroi knows. Telephone numbers and addresses are not known here.
 *
 * @param by what the local part is
 * @param realm what stands behind the {@code @}, as agreed with the operator
 */
public record QosDevice(By by, String realm) {
    public QosDevice {
        requireNonNull(by, "by is null");
        requireNonNull(realm, "realm is null");
    }

    /** The identifier that is the local part. */
    public enum By {
        /** Of the subscription in the profile. */
        IMSI,
        /** Of the profile. */
        ICCID
    }

    /** The {@code device} of a request; empty while its identifier is not known. */
    public Optional<JsonObject> of(IdentifierSource.Identifiers identifiers) {
        Optional<String> local = by == By.IMSI
                ? identifiers.imsi().map(imsi -> imsi.reveal())
                : Optional.of(identifiers.iccid().reveal());
        return local.map(digits -> new JsonObject().put("networkAccessIdentifier", digits + "@" + realm));
    }
}
