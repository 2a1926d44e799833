package dev.octroi.api.operator;

import dev.octroi.access.Es2Terms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Front;
import dev.octroi.http.ServerOptions;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.smdp.BuiltInDriver;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.NumberRange;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The operator's side of the built-in SM-DP+ for tests: ES2+ on a listener with mutual TLS, on a real database. */
public final class Es2Server implements AutoCloseable {
    public static final int TENANT = 1;
    public static final int OTHER_TENANT = 2;
    public static final String TYPE = ProfileKinds.BUILT_IN;

    private static final Clock CLOCK = Clock.systemUTC();
    private static final AtomicInteger CALLS = new AtomicInteger();

    public final DatabaseConfig config = TestDatabase.create();
    public final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    public final Database database = new Database(vertx, config, 8, 5_000);
    public final DevPki pki;
    public final OperatorOrders orders;
    public final String smdpAddress = "smdp.example.com";

    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private final SecureRandom random = new SecureRandom();
    private final ProfileVault vault;
    public final Downloads downloads;
    public final Profiles profiles;
    public final Sealer sealer;
    public final Ids ids = new Ids(CLOCK, random);
    public final BuiltInSmDp smdp;
    private final Partners partners;
    private final HttpServer http;
    private final Map<String, WebClient> clients = new ConcurrentHashMap<>();

    public Es2Server(Path folder) throws Exception {
        TestDatabase.execute(
                config,
                "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')",
                "INSERT INTO tenant (slug, name) VALUES ('other', 'Other')");
        pki = DevPki.ensure(folder.resolve("pki"), CLOCK, random);
        PartnerTrust trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), CLOCK);
        partners = new Partners(database, trust, CLOCK);
        Keyring keyring = Keyring.open(folder, random);
        sealer = new Sealer(keyring, random, CLOCK);
        vault = new ProfileVault(sealer, new BlindIndex(keyring));
        NumberRange numbers = NumberRange.test();
        downloads = new Downloads(
                vertx,
                database,
                1,
                () -> {
                    throw new IllegalStateException("nothing is downloaded here");
                },
                vault,
                ProfileKinds.builtIn("Octroi", numbers.home()),
                ProfileListener.NONE,
                true,
                ids,
                CLOCK,
                random);
        profiles = new Profiles(downloads);
        smdp = new BuiltInSmDp(profiles, smdpAddress, numbers, ids, CLOCK, random);
        orders = new OperatorOrders(downloads, smdp::make, smdp::token);
        Front front = new Front("operator", vertx, ConnectionLimits.DEFAULT, random, System::nanoTime);
        new Es2ProgressApi(partners, new ExternalProfiles(downloads), registry).mount(front.router());
        new Es2Api(partners, partners::isRequester, new BuiltInDriver(orders, smdpAddress)).mount(front.router());
        HttpServerOptions options =
                ServerOptions.withoutHttp2(ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), CLOCK), trust)
                        .applyTo(ServerOptions.http1("127.0.0.1", 0)));
        http = await(front.server(options).listen());
    }

    /** Registers a partner under a new certificate of its name. */
    public void register(String name, int tenantId, Set<String> operations, Es2Terms terms) throws Exception {
        TlsMaterial material = TlsMaterial.read(client(name), CLOCK);
        Partner partner = new Partner(
                tenantId, ids.next(), TrustDomain.SM_DP, name, operations, List.of(), Optional.empty(), terms);
        await(database.inWorker(connection ->
                partners.register(connection, partner, material.chain().getFirst())));
    }

    /** A profile in stock, nobody's in particular. */
    public String stock() {
        ProfileRow row = await(database.inTenant(TENANT, connection -> smdp.make(connection, TENANT, 0, TYPE)))
                .orElseThrow();
        return profiles.iccid(row).reveal().digits();
    }

    /** A state of a profile in the database, as {@code state/owner}. */
    public String state(String iccid) throws Exception {
        return text("SELECT state FROM profile WHERE id = ?", profileId(iccid));
    }

    public long profileId(String iccid) {
        return await(database.inTenant(
                        TENANT,
                        connection -> new dev.octroi.rsp.order.ProfileStore(vault)
                                .findByIccid(connection, dev.octroi.rsp.asn1.Iccid.ofText(iccid))))
                .orElseThrow()
                .id();
    }

    public String text(String sql, Object... arguments) throws Exception {
        try (var connection = TestDatabase.connect(config);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** The client certificate of a partner. */
    public TlsFiles client(String name) throws Exception {
        return pki.domain(TrustDomain.SM_DP).client(name);
    }

    public URI url() {
        return URI.create("https://localhost:" + http.actualPort());
    }

    /** A request with a call identifier of its own. */
    static JsonObject withHeader(JsonObject body, String requester) {
        return withHeader(body, requester, "call-" + CALLS.incrementAndGet());
    }

    static JsonObject withHeader(JsonObject body, String requester, String call) {
        return body.copy()
                .put(
                        "header",
                        new JsonObject()
                                .put("functionRequesterIdentifier", requester)
                                .put("functionCallIdentifier", call));
    }

    /** Sends bytes as they are, with the certificate of a partner. */
    HttpResponse<Buffer> send(String partner, HttpMethod method, String path, String contentType, String body)
            throws Exception {
        return send(client(partner), method, path, contentType, body);
    }

    /** Sends bytes as they are, with any certificate. */
    HttpResponse<Buffer> send(TlsFiles certificate, HttpMethod method, String path, String contentType, String body) {
        WebClient client = clients.computeIfAbsent(certificate.chain().toString(), file -> webClient(certificate));
        return await(client.request(method, http.actualPort(), "localhost", path)
                .putHeader("Content-Type", contentType)
                .putHeader("X-Admin-Protocol", "gsma/rsp/v2.2.0")
                .sendBuffer(Buffer.buffer(body)));
    }

    private WebClient webClient(TlsFiles files) {
        return WebClient.create(
                vertx,
                new WebClientOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(files.chain().toString())
                                .setKeyPath(files.key().toString()))
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(pki.domain(TrustDomain.OPERATOR)
                                        .rootFile()
                                        .toString())));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("nothing within 30 seconds", e);
        }
    }

    @Override
    public void close() {
        await(http.close());
        await(database.close());
        await(vertx.close());
    }
}
