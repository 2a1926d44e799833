package dev.octroi.callback;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.network.ConnectorSecret;
import dev.octroi.callback.network.RadiusSecrets;
import dev.octroi.callback.outbox.DeliveryListener;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Urgency;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.callback.webhook.Webhook;
import dev.octroi.callback.webhook.WebhookRegistration;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.PolicyStateStore;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.crypto.SecretKey;
import org.awaitility.Awaitility;

/** Everything the dispatcher's tests share: a database, a PKI, receivers and gateways' callback features. */
public final class CallbackFixture implements AutoCloseable {
    public static final Clock CLOCK = Clock.systemUTC();
    public static final SecureRandom RANDOM = new SecureRandom();
    public static final int TENANT = 3;

    public final Ids ids = new Ids(CLOCK, new SplittableRandom());
    public final Vertx vertx = Vertx.vertx();
    public final DatabaseConfig config = TestDatabase.create();
    public final Database database = new Database(vertx, config, 8, 5_000);
    /** Factor on retry delays, deadline of an attempt and length of a lease of the gateways made from now on. */
    public double scale = 0.01;

    /** Nobody reconciles unless a test begins it by hand. */
    public ReconcilerSettings reconciling = new ReconcilerSettings(
            Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofMinutes(15), Duration.ofMinutes(15));

    public long timeoutMs = 10_000;
    public long leaseMs = 8_000;
    final List<DeliveryListener.Result> heard = new CopyOnWriteArrayList<>();
    /** What is shared with network elements that are told by RADIUS. */
    RadiusSecrets radiusSecrets = address -> Optional.empty();

    /** Hears as well what the tests hear. */
    DeliveryListener listener = (connection, results) -> Future.succeededFuture();

    /** Of the SIM that all subscriptions are on; empty: another server made the profile and did not tell it. */
    volatile String imsi = "208010000000001";

    /** Where networks with a CAMARA API send their events. */
    String sink = "https://localhost:1/camara/v1/qos-events";

    final SecretKey sinkKey;
    final CallbackKey key;
    public final Sealer sealer;
    /** What cards reported, by its number. */
    public final Map<Long, byte[]> notifications = new ConcurrentHashMap<>();

    /** What network functions are told, by the row's payload. */
    public Function<JsonObject, Optional<NfMessageSource.NfMessage>> nfMessages = payload -> Optional.empty();

    /** Whether a host that network functions are redirected to is registered, by the URL. */
    Predicate<String> nfHosts = url -> false;

    /** What the gateways tell the metrics. */
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private final DevPki pki;
    private final List<AutoCloseable> opened = new ArrayList<>();

    public CallbackFixture(Path folder) throws Exception {
        Keyring keyring = Keyring.open(folder, RANDOM);
        key = CallbackKey.of(keyring.derive("callback signature"));
        sinkKey = keyring.derive("sink token");
        sealer = new Sealer(keyring, RANDOM, CLOCK);
        pki = DevPki.ensure(folder.resolve("pki"), CLOCK, RANDOM);
    }

    /** A network element: it asks for the gateway's client certificate. */
    public Receiver network() throws Exception {
        TlsFiles files = pki.domain(TrustDomain.NETWORK).server("pcrf", List.of("localhost", "127.0.0.1"));
        return keep(new Receiver(vertx, files, pki.domain(TrustDomain.OPERATOR).rootFile()));
    }

    /** A reseller's endpoint. */
    public Receiver reseller() throws Exception {
        return keep(new Receiver(vertx, pki.publicServer(), null));
    }

    /** The callback feature of one gateway. */
    public Callbacks gateway(Vertx on, URI networkUrl, URI es2Url) throws Exception {
        return gateway(on, networkUrl, es2Url, true);
    }

    public Callbacks gateway(Vertx on, URI networkUrl, URI es2Url, boolean allowLoopback) throws Exception {
        DispatcherSettings settings = new DispatcherSettings(
                Optional.ofNullable(networkUrl),
                Optional.ofNullable(es2Url),
                scale,
                50,
                leaseMs,
                timeoutMs,
                timeoutMs,
                64,
                8);
        TlsFiles client = pki.callbackClient();
        CallbackClient partners = new CallbackClient(
                on,
                new HttpClientOptions()
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(client.chain().toString())
                                .setKeyPath(client.key().toString()))
                        .setTrustOptions(trust(TrustDomain.NETWORK)),
                64);
        CallbackClient webhooks =
                new CallbackClient(on, new HttpClientOptions().setTrustOptions(trust(TrustDomain.PUBLIC)), 8);
        Database own = on == vertx ? database : new Database(on, config, 4, 5_000);
        return new Callbacks(new Callbacks.Parts(
                on,
                own,
                settings,
                reconciling,
                key,
                sinkKey,
                sink,
                "2.999.10",
                partners,
                webhooks,
                CallbackClient.http2(
                        on,
                        new HttpClientOptions()
                                .setKeyCertOptions(new PemKeyCertOptions()
                                        .setCertPath(client.chain().toString())
                                        .setKeyPath(client.key().toString()))
                                .setTrustOptions(trust(TrustDomain.NETWORK)),
                        8),
                address -> radiusSecrets.of(address),
                allowLoopback,
                sealer,
                ids,
                this::identifiers,
                (tenant, profile, sequence) -> Future.succeededFuture(Optional.ofNullable(notifications.get(sequence))),
                nfMessages(),
                (connection, results) -> {
                    heard.addAll(results);
                    return listener.attempted(connection, results);
                },
                CLOCK,
                RANDOM,
                registry));
    }

    private NfMessageSource nfMessages() {
        return new NfMessageSource() {
            @Override
            public Future<Optional<NfMessage>> find(int tenantId, long partnerId, long key, JsonObject payload) {
                return Future.succeededFuture(nfMessages.apply(payload));
            }

            @Override
            public Future<Boolean> isRegistered(long partnerId, String url) {
                return Future.succeededFuture(nfHosts.test(url));
            }
        };
    }

    /** Keeps in the database how far the network has followed, as the gateway does. */
    public static DeliveryListener keeping() {
        PolicyStateStore states = new PolicyStateStore();
        return (connection, results) -> {
            Future<Void> all = Future.succeededFuture();
            for (DeliveryListener.Result one : results) {
                all = all.compose(done -> one.sent()
                                ? states.sent(connection, one.tenantId(), one.subscriptionId(), one.version(), one.at())
                                : Future.<Void>succeededFuture())
                        .compose(done -> one.confirmed()
                                ? states.confirmed(
                                        connection, one.tenantId(), one.subscriptionId(), one.version(), one.at())
                                : states.failed(connection, one.tenantId(), one.subscriptionId(), one.error()));
            }
            return all;
        };
    }

    /** A policy is decided for a subscription: what is desired, and the row that tells it. */
    void decide(long subscription, long version, JsonObject policy) throws Exception {
        TestDatabase.execute(
                config,
                ("INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)"
                                + " VALUES (%d, %d, %d, %d, %d, now()) ON CONFLICT (vshard, tenant_id, account_id) DO"
                                + " UPDATE SET desired_version = excluded.desired_version, desired_at = now()")
                        .formatted(Ids.shardOf(subscription), TENANT, subscription, subscription, version));
        append(new OutboxRow(
                TENANT,
                ids.next(Ids.shardOf(subscription)),
                Stream.NETWORK,
                0,
                subscription,
                version,
                policy,
                CLOCK.instant()));
    }

    /** Registers the partner that policies of all tenants go to. */
    void partner(Connector connector, String secret) throws Exception {
        partner(0, connector, secret);
    }

    /** Registers the partner that policies of a tenant go to. */
    long partner(int tenant, Connector connector, String secret) throws Exception {
        long id = ids.next();
        byte[] sealed = secret == null ? null : ConnectorSecret.seal(sealer, tenant, id, Sensitive.of(secret));
        TestDatabase.execute(
                config,
                ("INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, connector, connector_secret,"
                                + " created_at) VALUES (%1$d, %2$d, 'network', 'network-%2$d', sha256('n%1$d'), '{}', '%3$s', %4$s, now())")
                        .formatted(
                                tenant,
                                id,
                                ConnectorJson.write(connector).encode(),
                                sealed == null
                                        ? "NULL"
                                        : "'\\x" + HexFormat.of().formatHex(sealed) + "'"));
        return id;
    }

    /**
     * Has an endpoint of the tenant registered. Its challenge has five seconds, of which a machine with other work may take
     * more for the first handshake.
     */
    WebhookRegistration.Accepted register(Webhooks webhooks, Receiver reseller) {
        reseller.answers((request, got) -> request.response()
                .end(new JsonObject()
                        .put("challenge", got.data().getString("challenge"))
                        .encode()));
        String url = reseller.url().toString();
        WebhookRegistration.Accepted accepted = (WebhookRegistration.Accepted) Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> await(webhooks.prepare(TENANT, url, List.of(), "test", Webhook.Signature.V1)),
                        WebhookRegistration.Accepted.class::isInstance);
        await(database.inTenant(TENANT, connection -> webhooks.store(connection, TENANT, accepted)));
        return accepted;
    }

    TlsFiles server(TrustDomain domain, String name) throws Exception {
        return pki.domain(domain).server(name, List.of("localhost", "127.0.0.1"));
    }

    Path root(TrustDomain domain) {
        return pki.domain(domain).rootFile();
    }

    public void append(OutboxRow... rows) {
        await(database.inWorker(connection -> new Outbox().append(connection, List.of(rows))));
    }

    OutboxRow policy(long subscription, long version) {
        return policy(TENANT, subscription, version);
    }

    OutboxRow policy(int tenant, long subscription, long version) {
        return policy(tenant, subscription, version, Urgency.DECIDED);
    }

    OutboxRow policy(int tenant, long subscription, long version, Urgency urgency) {
        return new OutboxRow(
                tenant,
                ids.next(Ids.shardOf(subscription)),
                Stream.NETWORK,
                0,
                subscription,
                version,
                new JsonObject().put("level", "throttled").put("kbpsDown", 384),
                CLOCK.instant(),
                urgency);
    }

    public void raise(long subscription, String type, JsonObject data) {
        raise(TENANT, subscription, type, data);
    }

    void raise(int tenant, long subscription, String type, JsonObject data) {
        Event event = new Event(tenant, ids.next(Ids.shardOf(subscription)), type, subscription, data, CLOCK.instant());
        await(database.inTenant(tenant, connection -> new EventLog().append(connection, List.of(event))));
    }

    public int count(String sql) {
        return await(database.workerPool()
                .query(sql)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        await(database.close());
        await(vertx.close());
    }

    private PemTrustOptions trust(TrustDomain domain) {
        return new PemTrustOptions().addCertPath(pki.domain(domain).rootFile().toString());
    }

    /** The event loops of another gateway on the same database, ended with this fixture. */
    public Vertx another() {
        Vertx other = Vertx.vertx();
        opened.add(() -> await(other.close()));
        return other;
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.add(part);
        return part;
    }

    private Future<Map<Long, IdentifierSource.Identifiers>> identifiers(List<IdentifierSource.Subject> subjects) {
        Map<Long, IdentifierSource.Identifiers> found = new HashMap<>();
        subjects.forEach(subject -> found.put(
                subject.subscriptionId(),
                new IdentifierSource.Identifiers(
                        Sensitive.of("8933010000000000017"),
                        Optional.of(imsi).filter(known -> !known.isEmpty()).map(Sensitive::of),
                        Optional.of(Sensitive.of("89049032000000000000000000000018")))));
        return Future.succeededFuture(found);
    }
}
