package dev.octroi.callback.network;

import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a connector identifies itself with, sealed for the partner that it belongs to. */
public final class ConnectorSecret {
    private ConnectorSecret() {}

    /**
     * Seals a secret.
     *
     * @param tenantId whom the partner serves, 0 for all
     */
    public static byte[] seal(Sealer sealer, int tenantId, long partnerId, Sensitive<String> secret) {
        return sealer.seal(place(tenantId, partnerId), secret.reveal().getBytes(StandardCharsets.UTF_8));
    }

    static byte @Nullable [] open(Sealer sealer, ClaimedRow.Partner partner) {
        byte[] sealed = partner.secretSealed();
        return sealed == null ? null : sealer.open(place(partner.tenantId(), partner.id()), sealed);
    }

    private static Aad place(int tenantId, long partnerId) {
        return Aad.of(tenantId, "partner", "connector_secret", partnerId);
    }
}
