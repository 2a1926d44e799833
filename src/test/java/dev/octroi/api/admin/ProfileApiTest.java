package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.rsp.stock.TransportKeys;
import dev.octroi.testing.ClearText;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profile types, batches and stock over the admin API. */
class ProfileApiTest {
    private static final String OPERATOR = "0/root/profiles:read profiles:write audit:read";
    private static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
    private static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";
    private static final String EID = "89049032004008882600012345678906";
    private static final String TRANSPORT = "000102030405060708090a0b0c0d0e0f";

    private static AdminServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path keys =
                Files.writeString(folder.resolve("transport"), "# of operator A\n1.operator-a = " + TRANSPORT + "\n");
        server = new AdminServer(folder, TransportKeys.read(keys));
        TestDatabase.execute(
                server.config,
                "INSERT INTO tenant (slug, name) VALUES ('one', 'One')",
                "INSERT INTO tenant (slug, name) VALUES ('two', 'Two')");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void typeIsCreatedReadReplacedAndRetiredButItsPackageNeverShown() throws Exception {
        HttpResponse<Buffer> created = create("a-type", 201);
        assertThat(created.getHeader("Location")).isEqualTo("/admin/v1" + types() + "/a-type");
        assertThat(created.getHeader("ETag")).isEqualTo("\"1\"");
        assertThat(created.bodyAsString())
                .doesNotContain(Base64.getEncoder()
                        .encodeToString(TestPackages.operator())
                        .substring(0, 40));
        JsonObject body = created.bodyAsJsonObject();
        assertThat(body.getJsonObject("package").getString("formatVersion")).isEqualTo("2.3");
        assertThat(body.getJsonObject("owner").getString("plmn")).isEqualTo("208-93");
        assertThat(body.getJsonObject("icon").getString("type")).isEqualTo("png");

        assertThat(create("a-type", 409).bodyAsJsonObject().getString("code")).isEqualTo("name_taken");

        JsonObject next = write().put("profileName", "Second");
        assertThat(put("/a-type", next, "\"7\"").statusCode()).isEqualTo(412);
        HttpResponse<Buffer> replaced = put("/a-type", next, "\"1\"");
        assertThat(replaced.statusCode()).as(replaced.bodyAsString()).isEqualTo(200);
        assertThat(replaced.bodyAsJsonObject().getInteger("version")).isEqualTo(2);
        JsonObject read = get(types() + "/a-type").bodyAsJsonObject();
        assertThat(read.getString("profileName")).isEqualTo("Second");
        assertThat(server.callUnless("\"2\"", OPERATOR, types() + "/a-type").statusCode())
                .isEqualTo(304);

        assertThat(server.call(OPERATOR, HttpMethod.DELETE, types() + "/a-type", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.call(OPERATOR, HttpMethod.DELETE, types() + "/a-type", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.callUnless("\"2\"", OPERATOR, types() + "/a-type")
                        .bodyAsJsonObject()
                        .getBoolean("retired"))
                .isTrue();
        assertThat(put("/a-type", next, "\"2\"").bodyAsJsonObject().getString("code"))
                .isEqualTo("profile_type_retired");
        assertThat(batch("a-type", "b", row(1)).statusCode()).isEqualTo(409);
        assertThat(actions()).contains("profile_type.created", "profile_type.replaced", "profile_type.retired");
    }

    @Test
    void packageThatCannotBeUsedIsRefusedWithItsFault() throws Exception {
        JsonObject broken = write().put("name", "broken");
        broken.put("package", Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}));
        assertRefused(broken, "not_der");
        byte[] cut = TestPackages.operator();
        broken.put("package", Base64.getEncoder().encodeToString(Arrays.copyOf(cut, cut.length - 9)));
        assertRefused(broken, "end_missing");
        assertRefused(write().put("name", "broken").put("package", "A==="), null);
        assertRefused(write().put("name", "broken").put("serviceProviderName", "é".repeat(20)), "invalid_profile_type");
        JsonObject icon = new JsonObject().put("type", "png").put("data", "=AAA");
        assertThat(server.call(
                                OPERATOR,
                                HttpMethod.POST,
                                types(),
                                write().put("name", "broken").put("icon", icon))
                        .statusCode())
                .isEqualTo(400);
    }

    private static void assertRefused(JsonObject body, String code) throws Exception {
        HttpResponse<Buffer> response = server.call(OPERATOR, HttpMethod.POST, types(), body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isIn(400, 422);
        if (code != null) {
            assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo(code);
        }
    }

    @Test
    void everyRowOfABatchIsImportedOrRefusedWithItsLineAndReason() throws Exception {
        create("b-type", 201);
        String file = String.join(
                "\r\n",
                "ICCID, imsi ,K,OPC,matching_id,confirmationCode,eid,profileName",
                row(101),
                "12,208930000000102," + K + "," + OPC,
                iccid(103) + ",20," + K + "," + OPC,
                iccid(104) + ",208930000000104,zz," + OPC,
                iccid(105) + ",208930000000105," + K + ",abcd",
                iccid(106) + ",208930000000106," + K + "," + OPC + ",lower-case",
                iccid(107) + ",208930000000107," + K + "," + OPC + ",,1234",
                iccid(108) + ",208930000000108," + K + "," + OPC + ",TOKEN-108,1234,,Own name",
                iccid(109) + ",208930000000108," + K + "," + OPC,
                iccid(110) + ",208930000000110," + K + "," + OPC + ",TOKEN-108",
                iccid(111) + ",208930000000111," + K + "," + OPC + ",,,123",
                row(101),
                iccid(101) + ",208930000000101," + OPC + "," + OPC,
                row(112) + ",,,,,,,,",
                "\"" + row(113),
                "x".repeat(5_000),
                row(114));
        JsonObject report = batch("b-type", "batch-1", file).bodyAsJsonObject();
        assertThat(report.getInteger("imported")).isEqualTo(3);
        assertThat(report.getInteger("unchanged")).isEqualTo(1);
        List<String> refusals = new ArrayList<>();
        for (Object each : report.getJsonArray("refusals")) {
            JsonObject refusal = (JsonObject) each;
            refusals.add(refusal.getInteger("line") + " " + refusal.getString("code"));
        }
        assertThat(refusals)
                .containsExactly(
                        "3 iccid",
                        "4 imsi",
                        "5 k",
                        "6 opc",
                        "7 matching_id",
                        "8 confirmation_code",
                        "10 imsi_in_use",
                        "11 matching_id_in_use",
                        "12 eid",
                        "14 iccid_in_use",
                        "15 columns",
                        "16 line",
                        "17 line");
        assertThat(report.getInteger("refused")).isEqualTo(13);
        assertThat(report.encode()).doesNotContain(K, OPC, iccid(101), "20893000000010");
    }

    @Test
    void sameFileAgainChangesNothingAndOtherValuesForANumberAreRefused() throws Exception {
        create("c-type", 201);
        create("c-other", 201);
        String file = "iccid,imsi,k,opc\n" + row(201) + "\n" + row(202) + "\n";
        assertThat(batch("c-type", "one", file).bodyAsJsonObject().getInteger("imported"))
                .isEqualTo(2);
        JsonObject again = batch("c-type", "one", file).bodyAsJsonObject();
        assertThat(again.getInteger("imported")).isZero();
        assertThat(again.getInteger("unchanged")).isEqualTo(2);
        assertThat(batch("c-other", "one", file).bodyAsJsonObject().getInteger("refused"))
                .isEqualTo(2);
        // Another tenant cannot claim the number either.
        JsonObject type = write().put("name", "theirs");
        server.call(OPERATOR, HttpMethod.POST, "/tenants/ten_0000000000002/profile-types", type);
        JsonObject theirs = server.upload(
                        OPERATOR,
                        "/tenants/ten_0000000000002/profile-types/theirs/batches/x",
                        "text/csv",
                        Buffer.buffer(file))
                .bodyAsJsonObject();
        assertThat(theirs.getInteger("refused")).isEqualTo(2);
        assertThat(theirs.encode()).contains("iccid_in_use");
    }

    @Test
    void rowWithAnOrderThatItsProfileDoesNotHaveIsRefused() throws Exception {
        create("o-type", 201);
        String stock = "iccid,imsi,k,opc\n" + row(901) + "\n" + row(902) + "\n" + row(903) + "\n";
        assertThat(report("o-type", stock)).isEqualTo("3 0 []");
        String orders = "iccid,imsi,k,opc,matchingId,eid,confirmationCode\n";
        String good = orders + row(904) + ",TOKEN-904,,\n" + row(905) + ",TOKEN-905," + EID + ",1234\n" + row(906)
                + ",," + EID + ",\n";
        assertThat(report("o-type", good)).isEqualTo("3 0 []");
        assertThat(report("o-type", good)).as("the same file").isEqualTo("0 3 []");
        String others = orders
                + row(901) + ",TOKEN-901,,\n"
                + row(902) + ",," + EID + ",\n"
                + row(904) + ",TOKEN-X,,\n"
                + row(904) + ",TOKEN-904,,1234\n"
                + row(904) + ",TOKEN-904," + EID + ",\n"
                + row(905) + ",TOKEN-905," + EID + ",\n"
                + row(905) + ",TOKEN-905," + EID + ",4321\n"
                + row(905) + ",TOKEN-905,,1234\n"
                + row(906) + ",TOKEN-906," + EID + ",\n";
        assertThat(report("o-type", others)).isEqualTo("0 0 " + Collections.nCopies(9, "order_differs"));
        assertThat(report("o-type", "iccid,imsi,k,opc\n" + row(904) + "\n" + row(901) + "\n"))
                .as("rows without an order say nothing of one")
                .isEqualTo("0 2 []");
    }

    private static String report(String type, String file) throws Exception {
        JsonObject report = batch(type, "b", file).bodyAsJsonObject();
        List<String> codes = report.getJsonArray("refusals").stream()
                .map(each -> ((JsonObject) each).getString("code"))
                .toList();
        return report.getInteger("imported") + " " + report.getInteger("unchanged") + " " + codes;
    }

    @Test
    void oneProfileOrTheRestOfATypesStockIsRetiredWithItsReasonAndWhatIsOrderedStays() throws Exception {
        create("r-type", 201);
        create("r-other", 201);
        batch(
                "r-type",
                "r",
                "iccid,imsi,k,opc,matchingId\n" + row(801) + ",\n" + row(802) + ",\n" + row(803) + ",\n" + row(804)
                        + ",TOKEN-804\n");
        batch("r-other", "r", "iccid,imsi,k,opc\n" + row(805) + "\n");

        JsonObject one =
                new JsonObject().put("reason", "bad card file " + iccid(802)).put("iccid", iccid(802));
        assertThat(retire("r-type", one, 200))
                .isEqualTo(new JsonObject()
                        .put("profileType", "r-type")
                        .put("retired", 1)
                        .put("remaining", 2));
        assertThat(retire("r-type", one, 409).getString("code")).isEqualTo("not_in_stock");
        assertThat(retire("r-type", one.copy().put("iccid", iccid(804)), 409).getString("code"))
                .as("an order")
                .isEqualTo("not_in_stock");
        retire("r-type", one.copy().put("iccid", iccid(805)), 404);
        retire("r-type", one.copy().put("iccid", iccid(899)), 404);
        retire("nothing", one, 404);
        retire("r-type", new JsonObject(), 400);
        retire("r-type", one.copy().put("iccid", "12"), 400);

        server.call(OPERATOR, HttpMethod.DELETE, types() + "/r-type", null);
        JsonObject rest = new JsonObject().put("reason", "recalled");
        assertThat(retire("r-type", rest, 200).getInteger("retired")).isEqualTo(2);
        assertThat(retire("r-type", rest, 200))
                .isEqualTo(new JsonObject()
                        .put("profileType", "r-type")
                        .put("retired", 0)
                        .put("remaining", 0));
        assertThat(states("r-type")).containsExactly("released 1", "unavailable 3");
        assertThat(states("r-other")).containsExactly("available 1");
        assertThat(
                        TestDatabase.rows(
                                server.config,
                                "SELECT p.profile_type || ' ' || g.step || ' ' || g.message || ' ' || g.actor FROM rsp_progress g"
                                        + " JOIN profile p ON p.id = g.profile_id WHERE g.step = 'revoked' AND p.profile_type = 'r-type' ORDER BY p.id"))
                .containsExactly(
                        "r-type revoked recalled admin",
                        "r-type revoked bad card file [redacted] admin",
                        "r-type revoked recalled admin");
        assertThat(
                        TestDatabase.rows(
                                server.config,
                                "SELECT (entry::jsonb)->>'reason' FROM audit WHERE action = 'profiles.retired' AND entry LIKE '%r-type%' ORDER BY seq"))
                .containsExactly("bad card file [redacted]", "recalled", "recalled");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT entry FROM audit WHERE action = 'profiles.retired' AND entry LIKE '%r-type%'"))
                .noneMatch(entry -> entry.contains(iccid(802)));
    }

    @Test
    void atMostTenThousandProfilesAreRetiredAtOnceAndTheRestIsTold() throws Exception {
        create("m-type", 201);
        batch("m-type", "m", "iccid,imsi,k,opc\n" + row(950) + "\n");
        TestDatabase.execute(
                server.config,
                "INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name, iccid_sealed,"
                        + " iccid_idx, state, download_limit, confirmation_limit, created_at, updated_at, type_id)"
                        + " SELECT tenant_id, g & 255, g, profile_type, '', '', iccid_sealed,"
                        + " substring(sha256(g::text::bytea) FROM 1 FOR 16), state, 1, 1, created_at, updated_at, type_id"
                        + " FROM profile, generate_series(1, 10001) g WHERE profile_type = 'm-type'");
        JsonObject rest = new JsonObject().put("reason", "recalled");
        assertThat(retire("m-type", rest, 200).getInteger("retired")).isEqualTo(10_000);
        JsonObject last = retire("m-type", rest, 200);
        assertThat(last.getInteger("retired")).isEqualTo(2);
        assertThat(last.getLong("remaining")).isZero();
        // Their numbers cannot be opened, and other tests list the inventory.
        TestDatabase.execute(server.config, "DELETE FROM profile WHERE profile_type = 'm-type'");
    }

    private static JsonObject retire(String type, JsonObject body, int status) throws Exception {
        HttpResponse<Buffer> response =
                server.call(OPERATOR, HttpMethod.POST, types() + "/" + type + "/retire-stock", body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return response.bodyAsJsonObject();
    }

    private static List<String> states(String type) throws Exception {
        return TestDatabase.rows(
                server.config,
                "SELECT state || ' ' || count(*) FROM profile WHERE profile_type = '" + type
                        + "' GROUP BY state ORDER BY state");
    }

    @Test
    void keysUnderATransportKeyAreOpenedForItsTenantOnly() throws Exception {
        create("d-type", 201);
        String encrypted = "iccid,imsi,k,opc\n" + iccid(301) + ",208930000000301," + seal(K) + "," + seal(OPC) + "\n";
        String clear = "iccid,imsi,k,opc\n" + row(301) + "\n";
        String path = types() + "/d-type/batches/x?transportKey=";
        assertThat(server.upload(OPERATOR, path + "operator-b", "text/csv", Buffer.buffer(encrypted))
                        .bodyAsJsonObject()
                        .getString("code"))
                .isEqualTo("unknown_transport_key");
        assertThat(server.upload(OPERATOR, path + "operator-a", "text/csv", Buffer.buffer(encrypted))
                        .bodyAsJsonObject()
                        .getInteger("imported"))
                .isEqualTo(1);
        // What was opened is what the same subscriber in clear would have brought.
        assertThat(batch("d-type", "clear", clear).bodyAsJsonObject().getInteger("unchanged"))
                .isEqualTo(1);
    }

    private static String seal(String hex) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(HexFormat.of().parseHex(TRANSPORT), "AES"),
                new IvParameterSpec(new byte[16]));
        return HexFormat.of().formatHex(cipher.doFinal(HexFormat.of().parseHex(hex)));
    }

    @Test
    void stockIsCountedFilteredAndPagedWithMaskedNumbers() throws Exception {
        create("e-type", 201);
        StringBuilder file = new StringBuilder("iccid,imsi,k,opc,matchingId\n");
        for (int i = 0; i < 600; i++) {
            file.append(row(1_000 + i)).append(i < 5 ? ",E-" + i : "").append('\n');
        }
        JsonObject report = batch("e-type", "big", file.toString()).bodyAsJsonObject();
        assertThat(report.getInteger("imported")).isEqualTo(600);

        JsonArray counts = get("/tenants/ten_0000000000001/profile-stock")
                .bodyAsJsonObject()
                .getJsonArray("items");
        assertThat(counts)
                .contains(
                        new JsonObject(Map.of("profileType", "e-type", "state", "available", "count", 595)),
                        new JsonObject(Map.of("profileType", "e-type", "state", "released", "count", 5)));

        String list = "/tenants/ten_0000000000001/profiles?profileType=e-type&state=available&limit=200";
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            JsonObject page =
                    get(list + (after == null ? "" : "&after=" + after)).bodyAsJsonObject();
            for (Object item : page.getJsonArray("items")) {
                JsonObject profile = (JsonObject) item;
                assertThat(profile.getString("iccid")).matches("\\*{16}[0-9]{4}");
                seen.add(profile.getString("id"));
            }
            after = page.getString("next");
        } while (after != null);
        assertThat(seen).hasSize(595).doesNotHaveDuplicates();
        String cursor = get(list).bodyAsJsonObject().getString("next");
        assertThat(get("/tenants/ten_0000000000001/profiles?state=released&after=" + cursor)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void nothingOfABatchStandsInClearInTheDatabase() throws Exception {
        create("f-type", 201);
        String file = "iccid,imsi,k,opc,matchingId,confirmationCode,puk,adm\n" + row(401)
                + ",CLEAR-TEXT-401,48151623,90817263,36271809\n";
        assertThat(batch("f-type", "one", file).bodyAsJsonObject().getInteger("imported"))
                .isEqualTo(1);
        assertThat(ClearText.find(
                        server.config,
                        Map.of(
                                "K", K,
                                "OPc", OPC,
                                "ICCID", iccid(401),
                                "IMSI", "208930000000401",
                                "matching id", "CLEAR-TEXT-401",
                                "confirmation code", "48151623",
                                "PUK", "90817263",
                                "ADM", "36271809")))
                .isEmpty();
    }

    @Test
    void headerWithoutTheNeededColumnsIsRefused() throws Exception {
        create("g-type", 201);
        for (String header : List.of("", "iccid,imsi\n", "iccid,imsi,k,colour\n", "iccid,iccid,imsi,k\n")) {
            HttpResponse<Buffer> response = batch("g-type", "x", header);
            assertThat(response.statusCode()).as(header).isEqualTo(422);
            assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo("invalid_header");
        }
        assertThat(batch("nothing", "x", "iccid,imsi,k\n").statusCode()).isEqualTo(404);
    }

    @Test
    void ofAFileWithTooManyRowsNothingIsImported() throws Exception {
        create("h-type", 201);
        String few = "iccid,imsi,k,opc\n" + row(941) + "\n\n" + row(942) + "\n";
        HttpResponse<Buffer> response = batch("h-type", "x", few + "too short\n".repeat(20_000 - 1));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo("too_many_rows");
        assertThat(TestDatabase.rows(server.config, "SELECT count(*)::text FROM profile WHERE profile_type = 'h-type'"))
                .containsExactly("0");
        JsonObject taken =
                batch("h-type", "x", few + "too short\n".repeat(20_000 - 2)).bodyAsJsonObject();
        assertThat(taken.getInteger("rows")).isEqualTo(20_000);
        assertThat(taken.getInteger("imported")).isEqualTo(2);
    }

    private static String iccid(int number) {
        return "893399" + "0".repeat(8) + "%06d".formatted(number);
    }

    private static String row(int number) {
        return iccid(number) + ",208930000%06d,".formatted(number) + K + "," + OPC;
    }

    private static String types() {
        return "/tenants/ten_0000000000001/profile-types";
    }

    private static JsonObject write() {
        return new JsonObject()
                .put("serviceProviderName", "Operator")
                .put("profileName", "Operator travel")
                .put("owner", new JsonObject().put("plmn", "208-93").put("gid1", "ff01"))
                .put("icon", new JsonObject().put("type", "png").put("data", "iVBORw0KGgo="))
                .put("package", Base64.getEncoder().encodeToString(TestPackages.operator()));
    }

    private static HttpResponse<Buffer> create(String name, int status) throws Exception {
        HttpResponse<Buffer> response = server.call(OPERATOR, HttpMethod.POST, types(), write().put("name", name));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return response;
    }

    private static HttpResponse<Buffer> put(String path, JsonObject body, String ifMatch) throws Exception {
        return server.call(OPERATOR, HttpMethod.PUT, types() + path, body, "key", ifMatch);
    }

    private static HttpResponse<Buffer> get(String path) throws Exception {
        return server.call(OPERATOR, HttpMethod.GET, path, null);
    }

    private static HttpResponse<Buffer> batch(String type, String name, String file) throws Exception {
        return server.upload(OPERATOR, types() + "/" + type + "/batches/" + name, "text/csv", Buffer.buffer(file));
    }

    private static List<String> actions() throws Exception {
        JsonArray items = get("/tenants/ten_0000000000001/audit?limit=200")
                .bodyAsJsonObject()
                .getJsonArray("items");
        return items.stream()
                .map(item -> ((JsonObject) item).getJsonObject("entry").getString("action"))
                .toList();
    }
}
