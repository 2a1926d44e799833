package dev.octroi.conformance;

import dev.octroi.api.device.DeviceApi;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.db.LoopbackPort;
import dev.octroi.http.BodyBudget;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.smdp.OrderedProfile;
import dev.octroi.smdp.ProfileRequest;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TempFolders;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The server under test: the product's own device listener over the product's own front and TLS, with certificates on
 * both curves. Only here does the suite touch the product; everything else it does over the wire.
 */
final class SmDp implements AutoCloseable {
    static final String OID = "2.999.10";
    private static final int TENANT = 1;

    private final SecureRandom random = new SecureRandom();
    private final Path folder;
    private final DatabaseConfig config;
    private final int port;
    private Running running;
    private volatile Duration ahead = Duration.ZERO;

    private record Running(Vertx vertx, Database database, HttpServer http, BuiltInSmDp smdp, Ids ids) {}

    private SmDp(Path folder) throws Exception {
        this.folder = folder;
        this.config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')");
        // One that nobody is given meanwhile: it is opened again after a restart.
        this.running = open(LoopbackPort.free());
        this.port = running.http.actualPort();
    }

    static SmDp start() throws Exception {
        return new SmDp(TempFolders.create("conformance"));
    }

    private Running open(int wantedPort) throws Exception {
        InstantSource clock = () -> Instant.now().plus(ahead);
        Vertx vertx = RequestContext.newVertx(new VertxOptions());
        Database database = new Database(vertx, config, 8, 5_000);
        List<ServerCredential> credentials = new ArrayList<>();
        List<TrustedIssuer> issuers = new ArrayList<>();
        for (GsmaCurve curve : GsmaCurve.values()) {
            GsmaMaterial material = GsmaTestPki.open(
                            pki(), curve, List.of("localhost"), OID, InstantSource.system(), random)
                    .material();
            credentials.add(ServerCredential.of(
                    material.dpAuth().certificateDer(),
                    material.dpAuth().privateKey(),
                    material.dpPb().certificateDer(),
                    material.dpPb().privateKey()));
            issuers.add(TrustedIssuer.of(
                    material.ci().certificateDer(), material.crl().getEncoded()));
        }
        Path tls = pki().resolve(GsmaCurve.P256.folder());
        ServerTls.hardenJdk();
        ServerTls serverTls = ServerTls.server(
                () -> TlsMaterial.read(new TlsFiles(tls.resolve("dptls.pem"), tls.resolve("dptls.key")), clock));
        Front front = new Front("device", vertx, ConnectionLimits.DEFAULT, random, System::nanoTime);
        HttpServer http = await(front.server(
                        ServerOptions.withoutHttp2(serverTls.applyTo(ServerOptions.http1("localhost", wantedPort))))
                .listen());
        String address = "localhost:" + http.actualPort();
        ServerIdentity identity = new ServerIdentity(address, credentials, issuers);
        Keyring keyring = Keyring.open(folder, random);
        Ids ids = new Ids(clock, random);
        NumberRange numbers = NumberRange.test();
        Downloads downloads = new Downloads(
                vertx,
                database,
                2,
                () -> identity,
                new ProfileVault(new Sealer(keyring, random, clock), new BlindIndex(keyring)),
                ProfileKinds.builtIn("Octroi", numbers.home()),
                new Nobody(),
                true,
                ids,
                clock,
                random);
        Profiles profiles = new Profiles(downloads);
        new DeviceApi(downloads, new BodyBudget(1 << 20)).mount(front.router());
        return new Running(vertx, database, http, new BuiltInSmDp(profiles, address, numbers, ids, clock, random), ids);
    }

    /** Ends the process and starts it again: nothing is kept but the database and the folder. */
    void restart() throws Exception {
        closeRunning();
        // A phone opens a new connection, too.
        Phone.disconnect(this);
        running = open(port);
    }

    String address() {
        return "localhost:" + port;
    }

    int port() {
        return port;
    }

    Path pki() {
        return folder.resolve("gsma");
    }

    Issuers issuers(Wire wire) throws Exception {
        return Issuers.read(pki().resolve(wire.folder), wire.curve);
    }

    void advance(Duration time) {
        ahead = ahead.plus(time);
    }

    Instant now() {
        return Instant.now().plus(ahead);
    }

    /** What a case orders: the profile of a traveller, released. */
    record Order(SmDp server, long id, String matchingId, String iccid) {
        /** Ten bytes, nibbles swapped, as in EF.ICCID. */
        byte[] swappedIccid() {
            String padded = iccid.length() == 19 ? iccid + "F" : iccid;
            StringBuilder swapped = new StringBuilder();
            for (int i = 0; i < padded.length(); i += 2) {
                swapped.append(padded.charAt(i + 1)).append(padded.charAt(i));
            }
            return Der.hex(swapped.toString());
        }

        String state() {
            return server.column(id, "state");
        }

        String column(String name) {
            return server.column(id, name);
        }

        Order set(String assignment) {
            TestDatabase.execute(server.config, "UPDATE profile SET " + assignment + " WHERE id = " + id);
            return this;
        }

        int steps() {
            return Integer.parseInt(server.one("SELECT count(*) FROM rsp_progress WHERE profile_id = " + id));
        }

        /** How many letters tell the operator of a step. */
        int letters(String step) {
            return Integer.parseInt(server.one("SELECT count(*) FROM outbox WHERE stream = 'es2' AND key = " + id
                    + " AND payload ->> 'step' = '" + step + "'"));
        }

        /** The last step that was recorded, with its status. */
        String lastStep() {
            return server.one("SELECT step || ' ' || CASE WHEN ok THEN 'ok' ELSE subject_code || '/' || reason_code END"
                    + " FROM rsp_progress WHERE profile_id = " + id + " ORDER BY no DESC LIMIT 1");
        }
    }

    Order order() throws Exception {
        return order(null, null, null);
    }

    Order order(String confirmationCode, String eid, Instant expiresAt) throws Exception {
        long id = running.ids.next();
        ProfileRequest request = new ProfileRequest(
                TENANT,
                id,
                "Octroi",
                "France 3 GB",
                confirmationCode == null ? null : Sensitive.of(confirmationCode),
                eid == null ? null : Sensitive.of(new Eid(eid)),
                expiresAt);
        OrderedProfile ordered =
                await(running.database.inTenant(TENANT, connection -> running.smdp.order(connection, request)));
        return new Order(
                this, id, ordered.matchingId().reveal(), ordered.iccid().reveal());
    }

    private String column(long id, String name) {
        return one("SELECT " + name + " FROM profile WHERE id = " + id);
    }

    String one(String sql) {
        try (var connection = TestDatabase.connect(config);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void closeRunning() throws Exception {
        await(running.http.close());
        await(running.database.close());
        await(running.vertx.close());
    }

    @Override
    public void close() throws Exception {
        closeRunning();
    }

    private static final class Nobody implements ProfileListener {
        @Override
        public Future<Void> recorded(SqlConnection connection, ProfileChange change) {
            return Future.succeededFuture();
        }

        @Override
        public void committed(ProfileChange change) {}
    }
}
