package dev.octroi.api.device;

import dev.octroi.access.Partner;
import dev.octroi.api.operator.Es2Api;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.http.BodyBudget;
import dev.octroi.pki.TrustDomain;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.order.ProgressStore;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.rsp.order.ResetRequest;
import dev.octroi.rsp.order.Resets;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.stock.TransportKeys;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.BuiltInDriver;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.smdp.OrderedProfile;
import dev.octroi.smdp.ProfileRequest;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A whole SM-DP+ for tests: database, test PKI and ES9+ over TLS, with a clock that can be moved. */
public final class DeviceServer implements AutoCloseable {
    private static final int TENANT = 1;
    private static final AtomicLong CARDS = new AtomicLong(1_000);

    private final SecureRandom random = new SecureRandom();
    private final Path folder;
    private final DatabaseConfig config;
    private final Sealer sealer;
    private final Vertx vertx;
    private final Database database;
    private final List<ProfileChange> changes = Collections.synchronizedList(new ArrayList<>());
    private final GsmaTestPki pki;
    private final Ids ids;
    private final HttpServer http;
    private final Downloads downloads;
    private final Profiles profiles;
    private final ProfileStock stock;
    private final BuiltInSmDp smdp;
    private final Resets resets;
    private final String address;
    private final String listening;
    private volatile ServerIdentity identity;
    private volatile Duration ahead = Duration.ZERO;

    private DeviceServer(Path folder, GsmaCurve curve, DatabaseConfig config, int port, Optional<String> sharedAddress)
            throws Exception {
        this.folder = folder;
        this.config = config;
        InstantSource clock = () -> Instant.now().plus(ahead);
        this.vertx = Vertx.vertx();
        this.database = new Database(vertx, config, 8, 60_000);
        this.pki = GsmaTestPki.open(
                folder.resolve("gsma"), curve, List.of("localhost"), "2.999.10", InstantSource.system(), random);
        GsmaMaterial material = pki.material();
        Router router = Router.router(vertx);
        this.http = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("localhost")
                        .setPort(port)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(material.tlsCertificateFile().toString())
                                .addKeyPath(material.tlsKeyFile().toString())))
                .requestHandler(router)
                .listen());
        this.listening = "localhost:" + http.actualPort();
        this.address = sharedAddress.orElse(listening);
        this.identity = new ServerIdentity(
                address,
                List.of(ServerCredential.of(
                        material.dpAuth().certificateDer(),
                        material.dpAuth().privateKey(),
                        material.dpPb().certificateDer(),
                        material.dpPb().privateKey())),
                List.of(TrustedIssuer.of(
                        material.ci().certificateDer(), material.crl().getEncoded())));
        Keyring keyring = Keyring.open(folder, random);
        sealer = new Sealer(keyring, random, clock);
        ProfileVault vault = new ProfileVault(sealer, new BlindIndex(keyring));
        this.ids = new Ids(clock, random);
        NumberRange numbers = NumberRange.test();
        ProfileListener listener = new ProfileListener() {
            @Override
            public Future<Void> recorded(SqlConnection connection, ProfileChange change) {
                return Future.succeededFuture();
            }

            @Override
            public void committed(ProfileChange change) {
                changes.add(change);
            }
        };
        this.downloads = new Downloads(
                vertx,
                database,
                2,
                () -> this.identity,
                vault,
                ProfileKinds.builtIn("Octroi", numbers.home()),
                listener,
                true,
                ids,
                clock,
                random);
        this.profiles = new Profiles(downloads);
        this.stock = ProfileStock.open(vertx, database, vault, TransportKeys.none(), ids, clock);
        this.smdp = new BuiltInSmDp(profiles, address, numbers, ids, clock, random);
        this.resets = new Resets(downloads, smdp::token, true);
        new DeviceApi(downloads, new BodyBudget(1 << 20)).mount(router);
        // The certificate's part is tested on the operator listener; here a header stands for it.
        new Es2Api(
                        (context, operations) -> {
                            int tenant = Integer.parseInt(context.request().getHeader("x-tenant"));
                            context.put(
                                    Partner.KEY,
                                    new Partner(
                                            tenant,
                                            77,
                                            TrustDomain.OPERATOR,
                                            "operator",
                                            Set.copyOf(operations),
                                            List.of(),
                                            Optional.empty()));
                            return Future.succeededFuture();
                        },
                        requester -> Future.succeededFuture(false),
                        new BuiltInDriver(new OperatorOrders(downloads, smdp::make, smdp::token), address))
                .mount(router);
    }

    static DeviceServer start(Path folder, GsmaCurve curve) throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')");
        return new DeviceServer(folder, curve, config, 0, Optional.empty());
    }

    /** The same server after a restart of the process: same folder, database and port, nothing else kept. */
    DeviceServer restarted() throws Exception {
        int port = http.actualPort();
        close();
        return new DeviceServer(folder, pki.material().curve(), config, port, Optional.empty());
    }

    /** Another gateway on the same database, behind the same address. */
    DeviceServer beside() throws Exception {
        return new DeviceServer(folder, pki.material().curve(), config, 0, Optional.of(address));
    }

    ServerIdentity identity() {
        return identity;
    }

    /** Other certificates from now on, as after a change of files. */
    void identity(ServerIdentity next) {
        identity = next;
    }

    void advance(Duration time) {
        ahead = ahead.plus(time);
    }

    Instant now() {
        return Instant.now().plus(ahead);
    }

    String address() {
        return address;
    }

    /** Where this gateway itself is reached. */
    String listening() {
        return listening;
    }

    Sealer sealer() {
        return sealer;
    }

    DatabaseConfig config() {
        return config;
    }

    Downloads downloads() {
        return downloads;
    }

    /** Profile types, batches and stock. */
    ProfileStock stock() {
        return stock;
    }

    Database database() {
        return database;
    }

    GsmaTestPki pki() {
        return pki;
    }

    List<ProfileChange> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    /** An order with its profile's identifier. */
    record Ordered(long profileId, OrderedProfile profile) {
        String activationCode() {
            return profile.activationCode().reveal();
        }
    }

    Ordered order() throws Exception {
        return order(null, null, null);
    }

    Ordered order(@Nullable String confirmationCode, @Nullable Eid eid, @Nullable Instant expiresAt) throws Exception {
        long id = ids.next();
        ProfileRequest request = new ProfileRequest(
                TENANT,
                id,
                "Octroi",
                "France 3 GB",
                confirmationCode == null ? null : Sensitive.of(confirmationCode),
                eid == null ? null : Sensitive.of(eid),
                expiresAt);
        return new Ordered(id, await(database.inTenant(TENANT, connection -> smdp.order(connection, request))));
    }

    ProfileRow profile(Ordered ordered) throws Exception {
        return await(database.inTenant(TENANT, connection -> profiles.find(connection, TENANT, ordered.profileId())))
                .orElseThrow();
    }

    List<ProgressStore.Entry> timeline(Ordered ordered) throws Exception {
        return await(
                database.inTenant(TENANT, connection -> profiles.timeline(connection, TENANT, ordered.profileId())));
    }

    ResetOutcome reset(Ordered ordered) throws Exception {
        return reset(ordered, ResetRequest.plain(new ProfileChange.Note("admin", "support, case 7")));
    }

    ResetOutcome reset(Ordered ordered, ResetRequest request) throws Exception {
        return await(beginReset(ordered, request));
    }

    Future<ResetOutcome> beginReset(Ordered ordered, ResetRequest request) {
        return database.inWorker(connection -> resets.reset(connection, TENANT, ordered.profileId(), request));
    }

    /** The matching id of a profile. */
    String code(ProfileRow profile) {
        return profiles.matchingId(profile).orElseThrow().reveal();
    }

    /** A new card of the test manufacturer. */
    VirtualEuicc card() {
        return VirtualEuicc.create(pki, GsmaEid.test(CARDS.incrementAndGet()), InstantSource.system(), random);
    }

    VirtualEuicc card(CardFacts facts) {
        return VirtualEuicc.create(
                List.of(pki), GsmaEid.test(CARDS.incrementAndGet()), facts, InstantSource.system(), random);
    }

    /** A device that trusts the test CI for TLS. */
    Lpa device(VirtualEuicc card) {
        byte[] tlsRoot = pki.material().ci().certificateDer();
        return new Lpa(card, LpaTrust.of(List.of(tlsRoot)), LpaSettings.standard());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        await(http.close());
        await(database.close());
        await(vertx.close());
    }
}
