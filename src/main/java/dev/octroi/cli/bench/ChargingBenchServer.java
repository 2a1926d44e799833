package dev.octroi.cli.bench;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.charging.ConvergedCharging;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Decider;
import dev.octroi.quota.GrantTerms;
import dev.octroi.quota.NewAccount;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.telemetry.RequestContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The charging listener on accounts of a bench, and the clients that call it. */
final class ChargingBenchServer implements AutoCloseable {
    private static final String BASE = "/nchf-convergedcharging/v3/chargingdata";
    private static final long USED_BYTES = 100_000;
    private static final int BARE_CONNECTIONS = 16;
    private static final int TIMEOUT_MS = 30_000;

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    private final List<HttpClient> clients = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final Database database;
    private final Pool owner;
    private final Pool bare;
    private final BenchStore store;
    private final int port;

    /** A session with its numbers. */
    record Session(String ref, AtomicLong sequence) {}

    ChargingBenchServer(DatabaseConfig config, Path folder, int accounts, int connections) throws Exception {
        database = new Database(vertx, config, 6, TIMEOUT_MS);
        owner = UsageBench.owner(vertx, config, 1);
        bare = UsageBench.owner(vertx, config, BARE_CONNECTIONS);
        store = new BenchStore(owner);
        Keyring keyring = Keyring.open(folder, random);
        BlindIndex index = new BlindIndex(keyring);
        Ids ids = new Ids(clock, random);
        Instant now = clock.instant();
        AccountKey template = new AccountKey(1, ids.next(0));
        AccountStore opening = new AccountStore();
        UsageBench.await(database.inWorker(connection -> opening.open(
                connection, new NewAccount(template, template.accountId(), UsageBench.terms(), ZoneOffset.UTC, now))));
        UsageBench.await(store.prepare(template.accountId(), accounts));
        UsageBench.await(store.prepareBuckets());
        for (int i = 0; i < accounts; i++) {
            AccountKey key = new AccountKey(1, BenchStore.accountId(i));
            byte[] imsi = index.network(IdentifierKind.IMSI, imsi(i));
            byte[] iccid = index.network(IdentifierKind.ICCID, "8944" + imsi(i));
            UsageBench.await(database.inWorker(connection -> opening.link(connection, key, imsi, iccid)));
        }
        DevPki pki = DevPki.ensure(folder.resolve("pki"), clock, random);
        PartnerTrust trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK), clock);
        Partners partners = new Partners(database, trust, clock);
        TlsFiles files = pki.domain(TrustDomain.NETWORK).client("bench");
        Partner partner = new Partner(
                0,
                ids.next(),
                TrustDomain.NETWORK,
                "bench",
                Set.of(ChargingApi.OPERATION),
                List.of(),
                Optional.empty());
        TlsMaterial material = TlsMaterial.read(files, clock);
        UsageBench.await(database.inWorker(connection ->
                partners.register(connection, partner, material.chain().getFirst())));
        Accounts path = new Accounts(
                vertx,
                database,
                new Decider(DrainDetector.shipped(), Population.shipped()),
                UsageBench.noSinks(),
                clock,
                4);
        ConvergedCharging charging = new ConvergedCharging(
                database,
                path,
                index,
                new Sealer(keyring, random, clock),
                ids,
                clock,
                Duration.ofDays(3),
                GrantTerms.DEFAULT,
                Optional.empty());
        Front front = new Front("charging", vertx, ConnectionLimits.DEFAULT, random, System::nanoTime);
        new ChargingApi(partners, charging, new SimpleMeterRegistry()).mount(front.router());
        ServerTls tls = ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), clock), trust);
        port = UsageBench.await(front.server(ServerOptions.withHttp2(tls.applyTo(ServerOptions.http1("127.0.0.1", 0))))
                        .listen())
                .actualPort();
        for (int i = 0; i < connections; i++) {
            clients.add(client(files));
        }
    }

    private HttpClient client(TlsFiles files) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(files.chain().toString())
                        .setKeyPath(files.key().toString()));
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp2MaxSize(1))
                .build();
    }

    /** Opens sessions of accounts, so many for each. */
    List<Session> sessions(int firstAccount, int accounts, int each) throws Exception {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < accounts; i++) {
            for (int n = 0; n < each; n++) {
                JsonObject creation = body(1).put("chargingId", i * 100 + n)
                        .put("subscriberIdentifier", "imsi-" + imsi(firstAccount + i));
                String location = UsageBench.await(clients.getFirst()
                        .request(HttpMethod.POST, port, "127.0.0.1", BASE)
                        .compose(request -> request.putHeader("Content-Type", "application/json")
                                .send(creation.toBuffer()))
                        .map(answer -> String.valueOf(answer.getHeader("Location"))));
                sessions.add(new Session(location.substring(location.lastIndexOf('/') + 1), new AtomicLong(1)));
            }
        }
        return sessions;
    }

    /** The next message of a session: what was used, and a wish for more. */
    JsonObject message(Session session) {
        long sequence = session.sequence().incrementAndGet();
        sent.incrementAndGet();
        JsonObject container = new JsonObject()
                .put("localSequenceNumber", sequence)
                .put("triggerTimestamp", clock.instant().toString())
                .put("uplinkVolume", USED_BYTES / 10)
                .put("downlinkVolume", USED_BYTES - USED_BYTES / 10);
        return body(sequence)
                .put(
                        "multipleUnitUsage",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("ratingGroup", 1)
                                        .put("requestedUnit", new JsonObject())
                                        .put("usedUnitContainer", new JsonArray().add(container))));
    }

    /** Sends an update; gives the answer's bytes. */
    Future<Buffer> update(int connection, Session session, JsonObject message) {
        return clients.get(connection)
                .request(HttpMethod.POST, port, "127.0.0.1", BASE + "/" + session.ref() + "/update")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(message.toBuffer()))
                .compose(answer -> answer.statusCode() == 200
                        ? answer.body()
                        : Future.failedFuture(new IllegalStateException("status " + answer.statusCode())));
    }

    /** The reference: takes so often, from so many buckets. */
    void takeFromBuckets(int times, int among) throws Exception {
        AtomicLong left = new AtomicLong(times);
        List<Future<?>> takers = new ArrayList<>();
        for (int i = 0; i < BARE_CONNECTIONS; i++) {
            takers.add(takeNext(left, among));
        }
        UsageBench.await(Future.all(takers));
    }

    private Future<Void> takeNext(AtomicLong left, int among) {
        long turn = left.getAndDecrement();
        return turn <= 0
                ? Future.succeededFuture()
                : BenchStore.take(bare, turn % among, USED_BYTES).compose(taken -> takeNext(left, among));
    }

    /** Every message was counted, and counted once. */
    void check() throws Exception {
        long counted = UsageBench.await(store.ledgerBytes());
        if (counted != sent.get() * USED_BYTES) {
            throw new IllegalStateException(counted + " bytes counted, " + sent.get() * USED_BYTES + " reported");
        }
    }

    private JsonObject body(long sequence) {
        return new JsonObject()
                .put("nfConsumerIdentification", new JsonObject().put("nodeFunctionality", "SMF"))
                .put("invocationTimeStamp", clock.instant().toString())
                .put("invocationSequenceNumber", sequence);
    }

    private static String imsi(int account) {
        return String.format("00101%010d", account);
    }

    @Override
    public void close() {
        Future.join(database.close(), owner.close(), bare.close())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
