package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.bound.NotificationEvent;
import dev.octroi.rsp.bound.ProfileClass;
import dev.octroi.rsp.bound.ProfileIcon;
import dev.octroi.rsp.bound.ProfileMetadata;
import dev.octroi.rsp.bound.ProfileOwner;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.PolicyRule;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.rsp.stock.ImportReport;
import dev.octroi.rsp.stock.StockImport;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.Protection;
import dev.octroi.rsp.type.TypeTerms;
import dev.octroi.testing.ClearText;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** An operator's profile on its whole way: package, batch, ES2+ order, restart, download, and what is left behind. */
class OperatorProfileTest {
    private static final String TYPE = "operator-travel";
    private static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
    private static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";
    private static final String ICCID = "89339901000000000018";
    private static final String IMSI = "208930000000003";

    @ParameterizedTest
    @CsvSource({"P256,SESSION_KEYS", "P256,PPK", "BRAINPOOL_P256R1,SESSION_KEYS", "BRAINPOOL_P256R1,PPK"})
    void importedProfileIsOrderedAndDownloadedAfterARestart(
            GsmaCurve curve, Protection protection, @TempDir Path folder) throws Exception {
        byte[] operatorPackage = operatorPackage();
        DeviceServer before = DeviceServer.start(folder, curve);
        createType(before, protection, operatorPackage);
        ImportReport report = load(before, "iccid,imsi,k,opc\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "\n");
        assertThat(report.imported()).isEqualTo(1);
        try (DeviceServer server = before.restarted()) {
            String code = order(server);
            assertThat(DeviceServer.await(server.downloads().protectAhead()))
                    .isEqualTo(protection == Protection.PPK ? 1 : 0);
            assertThat(DeviceServer.await(server.downloads().protectAhead())).isZero();
            VirtualEuicc card = server.card();
            try (Lpa lpa = new Lpa(card, trust(server))) {
                assertThat(lpa.download(code).iccid()).isEqualTo(ICCID);
            }
            assertThat(card.profiles()).singleElement().satisfies(installed -> {
                assertThat(installed.iccid()).isEqualTo(ICCID);
                assertThat(installed.serviceProvider()).isEqualTo("Operator");
                assertThat(installed.profileName()).isEqualTo("Operator travel");
                assertThat(installed.sizeBytes()).isEqualTo(operatorPackage.length);
            });
            assertThat(TestDatabase.rows(server.config(), "SELECT state FROM profile"))
                    .containsExactly("installed");
            assertThat(TestDatabase.rows(server.config(), "SELECT profile_id FROM rsp_protected"))
                    .isEmpty();
        }
    }

    @Test
    void anotherOneTimeKeyGetsTheSameProtectedProfileAndAnotherOrderAnother(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            createType(server, Protection.PPK, operatorPackage());
            load(server, "iccid,imsi,k,opc\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "\n");
            String first = order(server);
            DeviceServer.await(server.downloads().protectAhead());
            String made = TestDatabase.rows(server.config(), "SELECT md5(segments) FROM rsp_protected")
                    .getFirst();

            // Taken back and ordered again: nothing that was protected for the first order serves the second.
            call(
                    server,
                    "cancelOrder",
                    new JsonObject().put("iccid", ICCID).put("finalProfileStatusIndicator", "Available"));
            String code = order(server);
            assertThat(code).isNotEqualTo(first);
            VirtualEuicc card = server.card();
            try (Lpa lpa = server.device(card)) {
                Lpa breaking = lpa.observedBy(step -> {
                    if (step.equals("LoadBoundProfilePackage")) {
                        throw new IllegalStateException("the phone lost its power");
                    }
                });
                assertThatIllegalStateException().isThrownBy(() -> breaking.download(code));
                List<String> again = TestDatabase.rows(server.config(), "SELECT md5(segments) FROM rsp_protected");
                assertThat(again).hasSize(1).doesNotContain(made);
                assertThatIllegalStateException().isThrownBy(() -> breaking.download(code));
                assertThat(TestDatabase.rows(server.config(), "SELECT md5(segments) FROM rsp_protected"))
                        .isEqualTo(again);
                assertThat(TestDatabase.rows(server.config(), "SELECT downloads FROM profile")
                                .getFirst())
                        .isNotEqualTo("0");
                assertThat(lpa.download(code).iccid()).isEqualTo(ICCID);
            }
        }
    }

    @Test
    void offerAndPackageCarryTheSameMetadataWithIconOwnerRulesAndAddresses(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            byte[] picture = new byte[1_024];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = (byte) i;
            }
            TypeTerms terms = new TypeTerms(
                    "Operator",
                    "Opérateur ☂",
                    new ProfileIcon(ProfileIcon.Type.PNG, picture),
                    ProfileClass.OPERATIONAL,
                    new ProfileOwner(new Plmn("208", "93"), new byte[] {(byte) 0xFF, 1}, new byte[] {2}),
                    List.of(
                            new TypeTerms.Notice(Set.of(NotificationEvent.INSTALL, NotificationEvent.DELETE), null),
                            new TypeTerms.Notice(Set.of(NotificationEvent.ENABLE), "events.operator.example")),
                    Set.of(),
                    Protection.PPK,
                    3,
                    3);
            create(server, terms, operatorPackage());
            load(
                    server,
                    "iccid,imsi,k,opc,profileName\n" + ICCID + "," + IMSI + "," + K + "," + OPC + ",\"Own, name\"\n");
            String code = order(server);
            VirtualEuicc card = server.card();
            // The device compares the metadata that it was offered with that of the package, and cancels otherwise.
            try (Lpa lpa = server.device(card)) {
                assertThat(lpa.download(code).iccid()).isEqualTo(ICCID);
            }
            assertThat(card.profiles())
                    .singleElement()
                    .satisfies(installed -> assertThat(installed.profileName()).isEqualTo("Own, name"));
        }
    }

    @Test
    void deviceThatForbidsARuleOfTheProfileIsRefusedAndAnotherInstallsIt(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            create(server, undeletable(), operatorPackage());
            load(server, "iccid,imsi,k,opc\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "\n");
            String code = order(server);
            VirtualEuicc strict = server.card(CardFacts.standard().forbidding(Set.of(PolicyRule.PPR2)));
            try (Lpa lpa = server.device(strict)) {
                assertThatThrownBy(() -> lpa.download(code)).hasMessageContaining("8.2.5/4.3");
            }
            assertThat(TestDatabase.rows(server.config(), "SELECT state || ' ' || downloads FROM profile"))
                    .containsExactly("released 0");
            VirtualEuicc other = server.card(CardFacts.standard().forbidding(Set.of(PolicyRule.PPR1)));
            try (Lpa lpa = server.device(other)) {
                assertThat(lpa.download(code).iccid()).isEqualTo(ICCID);
            }
        }
    }

    @Test
    void profileThatACardCannotHaveHidesNoOtherThatWaitsForIt(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            create(server, undeletable(), operatorPackage());
            VirtualEuicc card = server.card(CardFacts.standard().forbidding(Set.of(PolicyRule.PPR2)));
            load(server, "iccid,imsi,k,opc,eid\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "," + card.eid() + "\n");
            String code = "LPA:1$" + server.address() + "$";
            try (Lpa lpa = server.device(card)) {
                assertThatThrownBy(() -> lpa.download(code)).hasMessageContaining("8.2.5/4.3");
                DeviceServer.Ordered second = server.order(null, new Eid(card.eid()), null);
                TestDatabase.execute(
                        server.config(),
                        "UPDATE profile SET matching_idx = NULL, matching_sealed = NULL WHERE id = "
                                + second.profileId());
                assertThat(lpa.download(code).iccid())
                        .isEqualTo(second.profile().iccid().reveal());
                assertThatThrownBy(() -> lpa.download(code)).hasMessageContaining("8.2.5/4.3");
            }
        }
    }

    /** Terms with PPR2. */
    private static TypeTerms undeletable() {
        TypeTerms simple = TypeTerms.simple("Operator", "Operator travel", ProfileOwner.of(new Plmn("208", "93")));
        return new TypeTerms(
                simple.providerName(),
                simple.profileName(),
                simple.icon(),
                simple.profileClass(),
                simple.owner(),
                simple.notices(),
                Set.of(ProfileMetadata.PolicyRule.DELETE_NOT_ALLOWED),
                Protection.SESSION_KEYS,
                simple.downloads(),
                simple.confirmations());
    }

    @Test
    void retiredTypeIsNotOrderedAndAnEmptyStockSaysSo(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            createType(server, Protection.SESSION_KEYS, operatorPackage());
            JsonObject byType = new JsonObject().put("profileType", TYPE);
            assertThat(ProbeDevice.status(call(server, "downloadOrder", byType)))
                    .isEqualTo("8.2.5/3.7");
            load(server, "iccid,imsi,k,opc\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "\n");
            // By its number it is taken from stock as well.
            assertThat(ProbeDevice.status(call(server, "downloadOrder", new JsonObject().put("iccid", ICCID))))
                    .isEqualTo("ok");
            DeviceServer.await(server.database()
                    .inWorker(connection -> server.stock().types().retire(connection, 1, TYPE, Instant.now())));
            assertThat(ProbeDevice.status(call(server, "downloadOrder", byType)))
                    .isEqualTo("8.2.5/3.9");
        }
    }

    @Test
    void profileOfASubscriptionIsNotInStockWhateverBecameOfItsOrder(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            createType(server, Protection.SESSION_KEYS, operatorPackage());
            load(server, "iccid,imsi,k,opc\n" + ICCID + "," + IMSI + "," + K + "," + OPC + "\n");
            TestDatabase.execute(
                    server.config(),
                    "INSERT INTO plan VALUES (1, 5, 1, 'France', 1, 'EUR', '{}', '{}', '{}', sha256('x'), now())",
                    "INSERT INTO purchase VALUES (1, 0, 256, 'completed', 5, 1, 1, 1, 'EUR', NULL, now())",
                    "INSERT INTO subscription SELECT 1, 0, 512, 256, 5, 1, id, 768, 'UTC', 'en', now() FROM profile");
            JsonObject byType = new JsonObject().put("profileType", TYPE);
            assertThat(ProbeDevice.status(call(server, "downloadOrder", byType)))
                    .isEqualTo("8.2.5/3.7");
            assertThat(ProbeDevice.status(call(server, "downloadOrder", new JsonObject().put("iccid", ICCID))))
                    .isEqualTo("8.2.1/3.3");
            TestDatabase.execute(server.config(), "UPDATE profile SET state = 'released'");
            JsonObject back = new JsonObject().put("iccid", ICCID).put("finalProfileStatusIndicator", "Available");
            assertThat(ProbeDevice.status(call(server, "cancelOrder", back)))
                    .as("what a shop has sold is the shop's")
                    .isEqualTo("8.2.1/1.2");
            assertThat(TestDatabase.rows(server.config(), "SELECT state FROM profile"))
                    .isEqualTo(List.of("released"));
        }
    }

    @Test
    void batchWithMatchingIdsIsDownloadedWithoutFurtherOrderAndLeavesNothingInClear(@TempDir Path folder)
            throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.octroi");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level level = ours.getLevel();
        ours.setLevel(Level.DEBUG);
        root.addAppender(log);
        Map<String, String> secrets = Map.of(
                "K", K, "OPc", OPC, "ICCID", ICCID, "IMSI", IMSI, "matching id", "BATCH-TOKEN-7", "PUK", "90817263");
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            createType(server, Protection.PPK, operatorPackage());
            load(
                    server,
                    "iccid,imsi,k,opc,matchingId,puk\n" + ICCID + "," + IMSI + "," + K + "," + OPC
                            + ",BATCH-TOKEN-7,90817263\n" + ICCID + "," + IMSI + "," + OPC + "," + K
                            + ",OTHER,90817263\n");
            DeviceServer.await(server.downloads().protectAhead());
            assertThat(ClearText.find(server.config(), secrets)).isEmpty();
            VirtualEuicc card = server.card();
            try (Lpa lpa = server.device(card)) {
                assertThat(lpa.download("LPA:1$" + server.address() + "$BATCH-TOKEN-7")
                                .iccid())
                        .isEqualTo(ICCID);
            }
            assertThat(ClearText.find(server.config(), secrets)).isEmpty();
        } finally {
            root.detachAppender(log);
            ours.setLevel(level);
        }
        List<String> lines = log.list.stream()
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .toList();
        secrets.forEach((kind, value) -> assertThat(lines).as(kind).noneMatch(line -> line.contains(value)));
    }

    /** The generic test profile of the GSMA where it is at hand, else the smallest one. */
    private static byte[] operatorPackage() throws Exception {
        List<Path> ts48 = TestPackages.ts48();
        return ts48.isEmpty() ? TestPackages.operator() : Files.readAllBytes(ts48.getFirst());
    }

    private static void createType(DeviceServer server, Protection protection, byte[] unprotected) throws Exception {
        TypeTerms simple = TypeTerms.simple("Operator", "Operator travel", ProfileOwner.of(new Plmn("208", "93")));
        create(
                server,
                new TypeTerms(
                        simple.providerName(),
                        simple.profileName(),
                        simple.icon(),
                        simple.profileClass(),
                        simple.owner(),
                        simple.notices(),
                        simple.policyRules(),
                        protection,
                        simple.downloads(),
                        simple.confirmations()),
                unprotected);
    }

    private static void create(DeviceServer server, TypeTerms terms, byte[] unprotected) throws Exception {
        ProfileTypeStore.Draft draft = new ProfileTypeStore.Draft(terms, ProfileTemplate.read(unprotected));
        ProfileTypeStore.Written written = DeviceServer.await(server.database()
                .inWorker(
                        connection -> server.stock().types().create(connection, 1, 4_711, TYPE, draft, Instant.now())));
        assertThat(written).isEqualTo(ProfileTypeStore.Written.DONE);
    }

    private static ImportReport load(DeviceServer server, String csv) throws Exception {
        StockImport.Batch batch = new StockImport.Batch(1, TYPE, null, new StringReader(csv), 100);
        StockImport.Outcome outcome = DeviceServer.await(server.stock()
                .imports()
                .run(batch, (connection, type, n, first, last) -> Future.succeededFuture(), progress -> {}));
        return ((StockImport.Outcome.Done) outcome).report();
    }

    /** Orders a profile of the type through ES2+ and releases it; gives the activation code. */
    private static String order(DeviceServer server) throws Exception {
        JsonObject ordered = call(server, "downloadOrder", new JsonObject().put("profileType", TYPE));
        assertThat(ordered.getString("iccid")).as(ordered.encode()).isEqualTo(ICCID);
        JsonObject confirmed = call(
                server, "confirmOrder", new JsonObject().put("iccid", ICCID).put("releaseFlag", true));
        assertThat(ProbeDevice.status(confirmed)).isEqualTo("ok");
        return "LPA:1$" + server.address() + "$" + confirmed.getString("matchingId");
    }

    private static JsonObject call(DeviceServer server, String function, JsonObject body) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust(server)).build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://" + server.address() + "/gsma/rsp2/es2plus/" + function))
                    .header("Content-Type", "application/json")
                    .header("X-Admin-Protocol", "gsma/rsp/v2.2.2")
                    .header("x-tenant", "1")
                    .POST(HttpRequest.BodyPublishers.ofString(body.copy()
                            .put(
                                    "header",
                                    new JsonObject()
                                            .put("functionRequesterIdentifier", "2.999.42")
                                            .put("functionCallIdentifier", function + "-" + System.nanoTime()))
                            .encode()))
                    .build();
            return new JsonObject(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    /** TLS of the JDK does not know Brainpool: the server's certificate itself is trusted, not its root. */
    private static SSLContext trust(DeviceServer server) throws Exception {
        return LpaTrust.of(List.of(server.pki().material().dpTls().certificateDer()));
    }
}
