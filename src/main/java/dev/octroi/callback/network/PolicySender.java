package dev.octroi.callback.network;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.connector.QosProfiles;
import dev.octroi.callback.message.MessageRenderer;
import dev.octroi.callback.outbox.Attempt;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Taken;
import dev.octroi.callback.outbox.Verdict;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells policies by the connector of the partner that they are for. */
public final class PolicySender {
    /** The error of a policy that nobody is there to be told of. */
    public static final String NOBODY = "no partner with a connector is registered";

    private final DispatcherSettings settings;
    private final MessageRenderer renderer;
    private final CallbackClient client;
    private final RadiusConnector radius;
    private final CamaraConnector camara;
    private final ThreeGppConnector threeGpp;
    private final Database database;
    private final Ids ids;
    private final NetworkCopyStore copies = new NetworkCopyStore();

    public PolicySender(
            DispatcherSettings settings,
            MessageRenderer renderer,
            CallbackClient client,
            RadiusConnector radius,
            CamaraConnector camara,
            ThreeGppConnector threeGpp,
            Database database,
            Ids ids) {
        this.settings = settings;
        this.renderer = renderer;
        this.client = client;
        this.radius = radius;
        this.camara = camara;
        this.threeGpp = threeGpp;
        this.database = database;
        this.ids = ids;
    }

    /**
     * Tells a policy; the future may fail, as with anything that is sent.
     *
     * @param subject whose it is, asked for only where the connector names the device
     */
    public Future<Taken> send(ClaimedRow row, Supplier<IdentifierSource.Identifiers> subject, Instant now) {
        if (settings.networkUrl().isPresent()) {
            return http(settings.networkUrl().get(), row, subject, now);
        }
        ClaimedRow.Partner partner = row.partner();
        Connector connector = partner == null ? null : partner.connector();
        if (partner == null || connector == null) {
            throw new Verdict.NobodyThereException(NOBODY);
        }
        return connector instanceof Connector.CamaraQod qod
                ? camara(row, partner, qod, subject, now)
                : by(connector, row, subject, now);
    }

    private Future<Taken> by(
            Connector connector, ClaimedRow row, Supplier<IdentifierSource.Identifiers> subject, Instant now) {
        return switch (connector) {
            case Connector.SignedHttp signed -> http(signed.url(), row, subject, now);
            case Connector.Radius told -> radius.send(row, told.address(), subject.get(), now);
            case Connector.ThreeGpp sessions -> threeGpp.send(row);
            case Connector.CamaraQod nested -> throw new IllegalStateException("a fallback is no CAMARA API");
        };
    }

    private Future<Taken> http(URI to, ClaimedRow row, Supplier<IdentifierSource.Identifiers> subject, Instant now) {
        return client.post(to, null, renderer.network(row, subject.get(), now), settings.timeoutMs(Stream.NETWORK))
                .map(answer -> Taken.ofStatus(
                        answer.status(), "status " + answer.status(), Verdict.retryAfterMs(answer.retryAfter())));
    }

    private Future<Taken> camara(
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Connector.CamaraQod qod,
            Supplier<IdentifierSource.Identifiers> subject,
            Instant now) {
        return switch (qod.profiles().of(row.payload())) {
            case QosProfiles.Wish.Unmapped unmapped -> elsewhere(row, partner, qod, unmapped.reason(), subject, now);
            case QosProfiles.Wish.FullSpeed full ->
                camara.bring(row, partner, Optional.empty(), qod.device(), subject.get())
                        .compose(taken -> release(taken, row, partner, qod, subject, now));
            case QosProfiles.Wish.Assigned assigned ->
                bridge(row, partner, qod, assigned.qosProfile(), subject, now)
                        .compose(bridged -> bridged.isPresent()
                                ? Future.succeededFuture(bridged.get())
                                : camara.bring(
                                                row,
                                                partner,
                                                Optional.of(assigned.qosProfile()),
                                                qod.device(),
                                                subject.get())
                                        .compose(taken -> release(taken, row, partner, qod, subject, now)));
        };
    }

    /**
     * The API allows one assignment for a device, so that between two profiles there is none. Where there is another
     * connector it holds the new policy for that time.
     *
     * @return why it cannot, to be tried again; empty when the profile may be changed
     */
    private Future<Optional<Taken>> bridge(
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Connector.CamaraQod qod,
            String wanted,
            Supplier<IdentifierSource.Identifiers> subject,
            Instant now) {
        if (qod.fallback().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return copies.find(database.workerPool(), row.tenantId(), row.key()).compose(copy -> {
            boolean changes = copy.isPresent()
                    && copy.get().partnerId() == partner.id()
                    && copy.get().assignmentId() != null
                    && copy.get().state() != NetworkCopy.State.NONE
                    && !wanted.equals(copy.get().qosProfile());
            if (!changes) {
                return Future.succeededFuture(Optional.empty());
            }
            return elsewhere(anew(row, row.payload()), partner, qod, "the QoS profile changes", subject, now)
                    .map(taken -> taken.result() == Attempt.Result.DELIVERED ? Optional.empty() : Optional.of(taken));
        });
    }

    /** What no QoS profile stands for goes by the other connector, with the reason. An assignment stays as it is. */
    private Future<Taken> elsewhere(
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Connector.CamaraQod qod,
            String reason,
            Supplier<IdentifierSource.Identifiers> subject,
            Instant now) {
        if (qod.fallback().isEmpty()) {
            return Future.succeededFuture(Taken.impossible(reason + ", and there is no other connector"));
        }
        ClaimedRow told = row.withPayload(row.payload().copy().put("fallback", reason));
        return copies.elsewhere(database.workerPool(), row, partner.id(), true)
                .compose(noted -> by(qod.fallback().get(), told, subject, now));
    }

    /** The other connector lets go when the assignment is in force, and not before: nothing passes in between. */
    private Future<Taken> release(
            Taken taken,
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Connector.CamaraQod qod,
            Supplier<IdentifierSource.Identifiers> subject,
            Instant now) {
        if (taken.result() != Attempt.Result.DELIVERED || qod.fallback().isEmpty()) {
            return Future.succeededFuture(taken);
        }
        return copies.find(database.workerPool(), row.tenantId(), row.key()).compose(copy -> {
            if (copy.isEmpty() || !copy.get().elsewhere()) {
                return Future.succeededFuture(taken);
            }
            JsonObject full = new JsonObject()
                    .put("level", 0)
                    .put("reason", row.payload().getString("reason"))
                    .put("fallback", "the QoS profile takes over");
            return by(qod.fallback().get(), anew(row, full), subject, now)
                    .compose(released -> released.result() == Attempt.Result.DELIVERED
                            ? copies.elsewhere(database.workerPool(), row, partner.id(), false)
                                    .map(released)
                            : Future.succeededFuture(released));
        });
    }

    /**
     * What the other connector holds for a while and what lets it go are two messages about one version: the receiver has to take
     * both, so neither has an id that it has seen, and both may come under a version that it knows.
     */
    private ClaimedRow anew(ClaimedRow row, JsonObject payload) {
        return row.with(ids.next(row.vshard()), payload.copy().put("repair", true));
    }
}
