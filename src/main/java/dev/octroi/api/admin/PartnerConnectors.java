package dev.octroi.api.admin;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.callback.connector.ConnectorRefusedException;
import dev.octroi.callback.network.ConnectorSecret;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.pki.TrustDomain;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;

/** Connectors of partners on their way from the wire into the database. */
final class PartnerConnectors {
    private final Partners partners;
    private final Sealer sealer;

    PartnerConnectors(Partners partners, Sealer sealer) {
        this.partners = requireNonNull(partners, "partners is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /**
     * A connector as it was described.
     *
     * @param secret what it identifies itself with
     */
    record Described(Connector connector, Optional<Sensitive<String>> secret) {}

    /**
     * Reads what the contract has let through.
     *
     * @param at where in the body it is, as a JSON pointer with its hash
     * @throws ProblemException 400 when it makes no sense, or not for partners of this domain
     */
    static Described read(JsonObject json, TrustDomain domain, String at) {
        if (domain != TrustDomain.NETWORK) {
            throw invalid(at, "Connectors are for partners of the network");
        }
        try {
            JsonObject oauth = json.getJsonObject("oauth");
            return new Described(
                    ConnectorJson.read(json),
                    oauth == null
                            ? Optional.empty()
                            : Optional.ofNullable(oauth.getString(ConnectorJson.CLIENT_SECRET))
                                    .map(Sensitive::of));
        } catch (ConnectorRefusedException e) {
            throw invalid(at + e.pointer(), String.valueOf(e.getMessage()));
        }
    }

    /** Refuses an address that no connector may call. */
    static void requireAddress(String url, String at) {
        try {
            ConnectorJson.read(
                    new JsonObject().put("kind", Connector.SignedHttp.KIND).put("url", url));
        } catch (ConnectorRefusedException e) {
            throw invalid(at, String.valueOf(e.getMessage()));
        }
    }

    /** Keeps a connector; gives the partner as it is then. */
    Future<Partner> replace(SqlConnection connection, Partner partner, Described described) {
        byte[] sealed = described
                .secret()
                .map(secret -> ConnectorSecret.seal(sealer, partner.tenantId(), partner.id(), secret))
                .orElse(null);
        return partners.replaceConnector(connection, partner.id(), described.connector(), sealed)
                .map(found -> found.orElseThrow(AdminCalls::notFound));
    }

    static ProblemException invalid(String pointer, String detail) {
        return Problem.of(ProblemType.INVALID_REQUEST)
                .withErrors(List.of(new Problem.Place(pointer, detail)))
                .toException();
    }
}
