package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;

import dev.octroi.access.ChargingTerms;
import dev.octroi.access.Es2Terms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.api.operator.SpendingLimitApi;
import dev.octroi.app.Consequences;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.CallbackFixture;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.Receiver;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.support.Alarms;
import dev.octroi.testing.TrustEverything;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The charging listener on a real database: real TLS with client certificates, HTTP/2, real partners. */
final class ChargingServer implements AutoCloseable {
    static final Clock CLOCK = Clock.systemUTC();

    final QuotaFixture fixture = new QuotaFixture();
    final BlindIndex index;
    final Sealer sealer;
    final Partners partners;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final DevPki pki;
    private final PartnerTrust trust;
    private final Callbacks callbacks;
    private int imsis;

    ChargingServer(Path folder) throws Exception {
        Keyring keyring = Keyring.open(folder, new SecureRandom());
        index = new BlindIndex(keyring);
        sealer = new Sealer(keyring, new SecureRandom(), CLOCK);
        pki = DevPki.ensure(folder.resolve("pki"), CLOCK, new SecureRandom());
        trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), CLOCK);
        partners = new Partners(fixture.database, trust, CLOCK);
        fixture.now.set(lastTenOClock(CLOCK.instant()));
        callbacks = callbacks();
        callbacks.start();
    }

    /** Whatever the time is, no day ends while a test goes on by a little; and what is to be sent is due. */
    private static Instant lastTenOClock(Instant now) {
        Instant ten = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(10));
        return ten.isAfter(now) ? ten.minus(Duration.ofDays(1)) : ten;
    }

    ConvergedCharging sessions(Accounts accounts) {
        return new ConvergedCharging(
                fixture.database,
                accounts,
                index,
                sealer,
                fixture.ids,
                fixture.clock,
                Duration.ofHours(72),
                GrantTerms.DEFAULT,
                Optional.empty());
    }

    /** A write path that tells subscribers of policy counters. */
    Accounts telling() {
        return new Accounts(
                fixture.vertx,
                fixture.database,
                fixture.decider,
                new Consequences(fixture.ids)
                        .sinks(
                                new Outbox(),
                                new EventLog(),
                                new Alarms(),
                                new AuditLog(),
                                spending(),
                                callbacks::nudge),
                fixture.clock,
                now -> true,
                2);
    }

    SpendingNotices spending() {
        return new SpendingNotices(fixture.database, sealer, fixture.ids, fixture.clock, partners::notifiesAt);
    }

    SpendingLimits limits() {
        return new SpendingLimits(fixture.database, index, sealer, fixture.ids, fixture.clock, spending());
    }

    /** Where notifications arrive: asks for the gateway's certificate, speaks HTTP/2. */
    Receiver listening() throws Exception {
        TlsFiles files = pki.domain(TrustDomain.NETWORK).server("nf", List.of("localhost", "127.0.0.1"));
        return new Receiver(
                fixture.vertx, files, pki.domain(TrustDomain.OPERATOR).rootFile());
    }

    private Callbacks callbacks() throws Exception {
        TlsFiles own = pki.callbackClient();
        HttpClientOptions tls = new HttpClientOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(own.chain().toString())
                        .setKeyPath(own.key().toString()))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(pki.domain(TrustDomain.NETWORK).rootFile().toString()));
        CallbackClient plain = new CallbackClient(fixture.vertx, tls, 4);
        return new Callbacks(new Callbacks.Parts(
                fixture.vertx,
                fixture.database,
                DispatcherSettings.standard(Optional.empty(), Optional.empty(), 0.01),
                // The fixture's clock is hours behind: to a round all would be unconfirmed for long.
                new ReconcilerSettings(
                        Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofMinutes(15)),
                CallbackKey.of(new SecretKeySpec(new byte[32], "seed")),
                new SecretKeySpec(new byte[32], "sink"),
                "https://localhost:1/",
                "2.999.10",
                plain,
                plain,
                CallbackClient.http2(fixture.vertx, tls, 4),
                address -> Optional.empty(),
                false,
                sealer,
                fixture.ids,
                subjects -> Future.succeededFuture(Map.of()),
                (tenant, profile, sequence) -> Future.succeededFuture(Optional.empty()),
                SpendingNotices.or(spending(), new ChargingNotices(fixture.database, sealer, partners::notifiesAt)),
                CallbackFixture.keeping(),
                CLOCK,
                new SecureRandom(),
                meters));
    }

    /** A listener with a write path of its own, as each gateway has; returns its port. */
    int gateway() throws Exception {
        Front front = new Front("charging", fixture.vertx, ConnectionLimits.DEFAULT, new Random(1), System::nanoTime);
        new ChargingApi(partners, sessions(telling()), meters).mount(front.router());
        new SpendingLimitApi(partners, limits(), meters).mount(front.router());
        ServerTls tls = ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), CLOCK), trust);
        return await(front.server(ServerOptions.withHttp2(tls.applyTo(ServerOptions.http1("127.0.0.1", 0))))
                        .listen())
                .actualPort();
    }

    /** Registers a network function and gives a client that shows its certificate. */
    HttpClient consumer(String name, ChargingProfile profile, List<String> imsiPrefixes, Set<String> operations)
            throws Exception {
        return consumer(name, new ChargingTerms(profile.word(), Set.of("127.0.0.1"), false), imsiPrefixes, operations);
    }

    HttpClient consumer(String name, ChargingTerms terms, List<String> imsiPrefixes, Set<String> operations)
            throws Exception {
        TlsFiles files = pki.domain(TrustDomain.NETWORK).client(name);
        Certificate leaf = TlsMaterial.read(files, CLOCK).chain().getFirst();
        Partner partner = new Partner(
                0,
                fixture.ids.next(),
                TrustDomain.NETWORK,
                name,
                operations,
                imsiPrefixes,
                Optional.empty(),
                Es2Terms.NONE,
                terms,
                Optional.empty());
        await(fixture.database.inWorker(
                connection -> partners.register(connection, partner, (java.security.cert.X509Certificate) leaf)
                        .compose(id -> partners.replaceCharging(connection, id, partner.charging()))));
        return client(files);
    }

    HttpClient consumer(String name) throws Exception {
        return consumer(name, ChargingProfile.STRICT, List.of(), Set.of(ChargingApi.OPERATION));
    }

    /** An account of a plan with a new subscriber; returns the IMSI. */
    Subscriber subscriber(PlanTerms terms) {
        return subscriber(fixture.open(terms));
    }

    /** A new subscriber who spends another one's volume. */
    Subscriber member(Subscriber owner) {
        return subscriber(fixture.join(owner.key()));
    }

    private Subscriber subscriber(AccountKey key) {
        String imsi = "20801" + String.format("%010d", ++imsis);
        byte[] iccid = index.network(IdentifierKind.ICCID, "894400000000000" + String.format("%04d", imsis));
        await(fixture.database.inWorker(connection ->
                new AccountLinkStore().link(connection, key, index.network(IdentifierKind.IMSI, imsi), iccid)));
        return new Subscriber(key, imsi);
    }

    record Subscriber(AccountKey key, String imsi) {}

    private static HttpClient client(TlsFiles files) throws Exception {
        String pem = Files.readString(files.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                new char[0],
                TlsMaterial.read(files, CLOCK).chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new TrustEverything()}, null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .build();
    }

    @Override
    public void close() {
        await(callbacks.stop());
        fixture.close();
    }
}
