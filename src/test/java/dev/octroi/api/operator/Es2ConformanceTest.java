package dev.octroi.api.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Es2Terms;
import dev.octroi.rsp.asn1.Eid;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES2+ of the SM-DP+ (SGP.22 v2.5 §5.3, status codes of §5.2.6) through mutual TLS with raw JSON, row by row. */
class Es2ConformanceTest {
    private static final String OWN = "2.999.1234";
    private static final String SECOND = "2.999.5678";
    private static final String EID =
            Eid.withCheckDigits("890490320000000000000000000001").digits();
    private static final String OTHER_EID =
            Eid.withCheckDigits("890490320000000000000000000002").digits();
    private static final String BASE = "/gsma/rsp2/es2plus/";
    private static final Set<String> ORDER = Set.of(Es2Api.OPERATION);

    @TempDir
    static Path folder;

    private static Es2Server server;

    @BeforeAll
    static void start() throws Exception {
        server = new Es2Server(folder);
        server.register("operator", Es2Server.TENANT, ORDER, terms(OWN));
        server.register("second", Es2Server.TENANT, ORDER, terms(SECOND));
        server.register("abroad", Es2Server.OTHER_TENANT, ORDER, Es2Terms.NONE);
        server.register("everywhere", 0, ORDER, Es2Terms.NONE);
        server.register("reporter", Es2Server.TENANT, Set.of("usage:report"), Es2Terms.NONE);
        server.register(
                "limited", Es2Server.TENANT, ORDER, new Es2Terms(Optional.empty(), Set.of("gold"), Optional.empty()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // ---- ES2+.DownloadOrder ----

    @Test
    void downloadOrderByTypeGivesTheNumberOfAReservedProfile() throws Exception {
        JsonObject answer = call("downloadOrder", new JsonObject().put("profileType", Es2Server.TYPE));
        assertThat(status(answer)).isEqualTo("ok");
        assertThat(answer.getString("iccid")).matches("[0-9]{18,20}");
        assertThat(server.state(answer.getString("iccid"))).isEqualTo("allocated");
    }

    @Test
    void downloadOrderForACardLinksTheProfile() throws Exception {
        String iccid = server.stock();
        assertThat(status("downloadOrder", iccid(iccid).put("eid", EID))).isEqualTo("ok");
        assertThat(server.state(iccid)).isEqualTo("linked");
    }

    @Test
    void downloadOrderOfAnotherOperatorsProfileIs8_2_1_1_2() throws Exception {
        String iccid = ordered();
        assertThat(statusAs("second", SECOND, "downloadOrder", iccid(iccid))).isEqualTo("8.2.1/1.2");
    }

    @Test
    void downloadOrderOfAProfileInUseIs8_2_1_3_3() throws Exception {
        assertThat(status("downloadOrder", iccid(ordered()))).isEqualTo("8.2.1/3.3");
    }

    @Test
    void downloadOrderOfAnUnknownNumberIs8_2_1_3_9() throws Exception {
        assertThat(status("downloadOrder", iccid("8933000000000000000"))).isEqualTo("8.2.1/3.9");
    }

    @Test
    void downloadOrderOfATypeThatTheOperatorMayNotHaveIs8_2_5_1_2() throws Exception {
        JsonObject byType = new JsonObject().put("profileType", Es2Server.TYPE);
        assertThat(statusAs("limited", "any", "downloadOrder", byType)).isEqualTo("8.2.5/1.2");
        assertThat(statusAs("limited", "any", "downloadOrder", iccid(server.stock())))
                .isEqualTo("8.2.5/1.2");
    }

    @Test
    void downloadOrderOfATypeWithoutProfilesIs8_2_5_3_7() throws Exception {
        // The last number of the range is taken: nothing can be made any more.
        server.text("SELECT setval('profile_number', 9999999999)");
        try {
            server.text("WITH gone AS (UPDATE profile SET state = 'unavailable' WHERE state = 'available' RETURNING 1)"
                    + " SELECT count(*) FROM gone");
            assertThat(status("downloadOrder", new JsonObject().put("profileType", Es2Server.TYPE)))
                    .isEqualTo("8.2.5/3.7");
        } finally {
            server.text("SELECT setval('profile_number', 100000)");
        }
    }

    @Test
    void downloadOrderWithNumberAndAnotherTypeIs8_2_5_3_8() throws Exception {
        String iccid = server.stock();
        server.text("UPDATE profile SET profile_type = 'silver' WHERE id = ? RETURNING 1", server.profileId(iccid));
        assertThat(status("downloadOrder", iccid(iccid).put("profileType", Es2Server.TYPE)))
                .isEqualTo("8.2.5/3.8");
    }

    @Test
    void downloadOrderWithNumberAndItsTypeIsTaken() throws Exception {
        assertThat(status("downloadOrder", iccid(server.stock()).put("profileType", Es2Server.TYPE)))
                .isEqualTo("ok");
    }

    @Test
    void downloadOrderOfAnUnknownTypeIs8_2_5_3_9() throws Exception {
        assertThat(status("downloadOrder", new JsonObject().put("profileType", "platinum")))
                .isEqualTo("8.2.5/3.9");
    }

    @Test
    void downloadOrderWithNeitherNumberNorTypeIs1_6_2_3() throws Exception {
        assertThat(status("downloadOrder", new JsonObject().put("eid", EID))).isEqualTo("1.6/2.3");
    }

    // ---- ES2+.ConfirmOrder ----

    @Test
    void confirmOrderGivesMatchingIdAndAddress() throws Exception {
        JsonObject answer = call("confirmOrder", iccid(ordered()).put("releaseFlag", true));
        assertThat(status(answer)).isEqualTo("ok");
        assertThat(answer.getString("matchingId")).matches("[0-9A-Z-]+");
        assertThat(answer.getString("smdpAddress")).isEqualTo("smdp.example.com");
        assertThat(answer.containsKey("eid")).isFalse();
    }

    @Test
    void confirmOrderOfAnotherOperatorsProfileIs8_2_1_1_2() throws Exception {
        assertThat(statusAs("second", SECOND, "confirmOrder", iccid(ordered()).put("releaseFlag", true)))
                .isEqualTo("8.2.1/1.2");
    }

    @Test
    void confirmOrderOfAnUnknownNumberIs8_2_1_3_9() throws Exception {
        assertThat(status("confirmOrder", iccid("8933000000000000000").put("releaseFlag", true)))
                .isEqualTo("8.2.1/3.9");
    }

    @ParameterizedTest
    @CsvSource({"matchingId,''", "smdsAddress,lpa.ds.gsma.com"})
    void confirmOrderByCardWithoutCardIs8_1_1_2_2(String field, String value) throws Exception {
        assertThat(status(
                        "confirmOrder",
                        iccid(ordered()).put("releaseFlag", true).put(field, value)))
                .isEqualTo("8.1.1/2.2");
    }

    @Test
    void confirmOrderForAnotherCardIs8_1_1_3_10() throws Exception {
        String iccid = server.stock();
        assertThat(status("downloadOrder", iccid(iccid).put("eid", EID))).isEqualTo("ok");
        assertThat(status("confirmOrder", iccid(iccid).put("releaseFlag", true).put("eid", OTHER_EID)))
                .isEqualTo("8.1.1/3.10");
    }

    @Test
    void confirmOrderWithAMatchingIdInUseIs8_2_6_3_3() throws Exception {
        JsonObject body = new JsonObject().put("releaseFlag", true).put("matchingId", "TAKEN-ALREADY");
        assertThat(status("confirmOrder", body.copy().put("iccid", ordered()))).isEqualTo("ok");
        assertThat(status("confirmOrder", body.copy().put("iccid", ordered()))).isEqualTo("8.2.6/3.3");
    }

    @Test
    void confirmOrderThatNeedsADiscoveryServerIs8_9_5_1() throws Exception {
        assertThat(status(
                        "confirmOrder",
                        iccid(ordered())
                                .put("releaseFlag", true)
                                .put("eid", EID)
                                .put("smdsAddress", "lpa.ds.gsma.com")))
                .isEqualTo("8.9/5.1");
    }

    @Test
    void confirmOrderTakesEmptyTextsAsLeftOut() throws Exception {
        JsonObject body = iccid(ordered())
                .put("releaseFlag", false)
                .put("eid", "")
                .put("smdsAddress", "")
                .put("confirmationCode", "");
        assertThat(status("confirmOrder", body)).isEqualTo("ok");
    }

    @Test
    void confirmOrderWithEmptyMatchingIdForACardHasNone() throws Exception {
        JsonObject answer = call(
                "confirmOrder",
                iccid(ordered()).put("releaseFlag", true).put("eid", EID).put("matchingId", ""));
        assertThat(status(answer)).isEqualTo("ok");
        assertThat(answer.getString("matchingId")).isEmpty();
        assertThat(answer.getString("eid")).isEqualTo(EID);
    }

    // ---- ES2+.CancelOrder ----

    @Test
    void cancelOrderOfAnotherOperatorsProfileIs8_2_1_1_2() throws Exception {
        assertThat(statusAs("second", SECOND, "cancelOrder", cancel(ordered(), "Available")))
                .isEqualTo("8.2.1/1.2");
    }

    @Test
    void cancelOrderOfAnUnknownNumberIs8_2_1_3_9() throws Exception {
        assertThat(status("cancelOrder", cancel("8933000000000000000", "Available")))
                .isEqualTo("8.2.1/3.9");
    }

    @Test
    void cancelOrderForAnotherCardIs8_1_1_3_10() throws Exception {
        String iccid = server.stock();
        assertThat(status("downloadOrder", iccid(iccid).put("eid", EID))).isEqualTo("ok");
        assertThat(status("cancelOrder", cancel(iccid, "Available").put("eid", OTHER_EID)))
                .isEqualTo("8.1.1/3.10");
        assertThat(status("cancelOrder", cancel(iccid, "Available").put("eid", EID)))
                .isEqualTo("ok");
    }

    @Test
    void cancelOrderWithAnotherMatchingIdIs8_2_6_3_10() throws Exception {
        String iccid = ordered();
        JsonObject confirmed = call("confirmOrder", iccid(iccid).put("releaseFlag", true));
        assertThat(status("cancelOrder", cancel(iccid, "Available").put("matchingId", "OTHER")))
                .isEqualTo("8.2.6/3.10");
        assertThat(status(
                        "cancelOrder",
                        cancel(iccid, "Unavailable").put("matchingId", confirmed.getString("matchingId"))))
                .isEqualTo("ok");
        assertThat(server.state(iccid)).isEqualTo("unavailable");
    }

    @Test
    void cancelOrderWithAnotherFinalStateIs1_6_2_1() throws Exception {
        assertThat(status("cancelOrder", cancel(ordered(), "Forgotten"))).isEqualTo("1.6/2.1");
        JsonObject without = iccid(ordered());
        assertThat(status("cancelOrder", without)).isEqualTo("1.6/2.2");
    }

    // ---- ES2+.ReleaseProfile ----

    @Test
    void releaseProfileOfAnotherOperatorsProfileIs8_2_1_1_2() throws Exception {
        assertThat(statusAs("second", SECOND, "releaseProfile", iccid(ordered())))
                .isEqualTo("8.2.1/1.2");
    }

    @Test
    void releaseProfileOfAnUnknownNumberIs8_2_1_3_9() throws Exception {
        assertThat(status("releaseProfile", iccid("8933000000000000000"))).isEqualTo("8.2.1/3.9");
    }

    @Test
    void releasedProfileKeepsItsMatchingIdAndCode() throws Exception {
        String iccid = ordered();
        JsonObject confirmed =
                call("confirmOrder", iccid(iccid).put("releaseFlag", false).put("confirmationCode", "4711"));
        assertThat(status("releaseProfile", iccid(iccid))).isEqualTo("ok");
        assertThat(server.text(
                        "SELECT (matching_idx IS NOT NULL AND confirmation_sealed IS NOT NULL)::text FROM profile"
                                + " WHERE id = ?",
                        server.profileId(iccid)))
                .isEqualTo("true");
        assertThat(status(
                        "cancelOrder", cancel(iccid, "Available").put("matchingId", confirmed.getString("matchingId"))))
                .isEqualTo("ok");
    }

    // ---- Every function in every state ----

    @ParameterizedTest
    @CsvSource({
        "available,   ok,        8.2.1/1.2, 8.2.1/1.2, 8.2.1/3.5",
        "allocated,   8.2.1/3.3, ok,        ok,        8.2.1/3.5",
        "linked,      8.2.1/3.3, ok,        ok,        8.2.1/3.5",
        "confirmed,   8.2.1/3.3, 8.2.1/1.2, ok,        ok",
        "released,    8.2.1/3.3, 8.2.1/1.2, ok,        8.2.1/3.5",
        "downloaded,  8.2.1/3.3, 8.2.1/1.2, 8.2.1/3.3, 8.2.1/3.5",
        "installed,   8.2.1/3.3, 8.2.1/1.2, 8.2.1/3.3, 8.2.1/3.5",
        "error,       8.2.1/3.3, 8.2.1/1.2, ok,        8.2.1/3.5",
        "unavailable, 8.2.1/3.3, 8.2.1/1.2, 8.2.1/1.2, 8.2.1/3.5"
    })
    void functionInStateGives(String state, String download, String confirm, String cancel, String release)
            throws Exception {
        assertThat(status("downloadOrder", iccid(inState(state)))).isEqualTo(download);
        for (boolean flag : new boolean[] {false, true}) {
            String iccid = inState(state);
            assertThat(status("confirmOrder", iccid(iccid).put("releaseFlag", flag)))
                    .isEqualTo(confirm);
            assertThat(server.state(iccid)).isEqualTo(confirm.equals("ok") ? flag ? "released" : "confirmed" : state);
        }
        for (String end : List.of("Available", "Unavailable")) {
            String iccid = inState(state);
            assertThat(status("cancelOrder", cancel(iccid, end))).isEqualTo(cancel);
            assertThat(server.state(iccid))
                    .isEqualTo(cancel.equals("ok") ? end.toLowerCase(java.util.Locale.ROOT) : state);
        }
        String iccid = inState(state);
        assertThat(status("releaseProfile", iccid(iccid))).isEqualTo(release);
        assertThat(server.state(iccid)).isEqualTo(release.equals("ok") ? "released" : state);
    }

    @Test
    void cancelledProfileCanBeOrderedAgainByItsOperatorOnly() throws Exception {
        String iccid = ordered();
        assertThat(status("cancelOrder", cancel(iccid, "Available"))).isEqualTo("ok");
        assertThat(statusAs("second", SECOND, "downloadOrder", iccid(iccid))).isEqualTo("8.2.1/1.2");
        assertThat(status("downloadOrder", iccid(iccid))).isEqualTo("ok");
    }

    // ---- Who calls ----

    @Test
    void unknownCertificateIs1_1_1_1() throws Exception {
        assertThat(statusAs("stranger", OWN, "releaseProfile", iccid(ordered())))
                .isEqualTo("1.1/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reporter", "everywhere"})
    void partnerThatMayNotOrderIs1_1_1_2(String partner) throws Exception {
        assertThat(statusAs(partner, "any", "releaseProfile", iccid(ordered()))).isEqualTo("1.1/1.2");
    }

    @Test
    void requesterThatNobodyIsIs1_1_1_1() throws Exception {
        assertThat(statusAs("operator", "2.999.0", "releaseProfile", iccid(ordered())))
                .isEqualTo("1.1/1.1");
    }

    @Test
    void requesterThatIsAnotherPartnerIs1_1_1_2() throws Exception {
        assertThat(statusAs("operator", SECOND, "releaseProfile", iccid(ordered())))
                .isEqualTo("1.1/1.2");
    }

    @Test
    void profilesOfAnotherTenantDoNotExist() throws Exception {
        for (String function : List.of("downloadOrder", "releaseProfile")) {
            assertThat(statusAs("abroad", "any", function, iccid(ordered()))).isEqualTo("8.2.1/3.9");
        }
    }

    // ---- The same call again ----

    @Test
    void repeatedDownloadOrderReservesNothingMore() throws Exception {
        JsonObject call = Es2Server.withHeader(new JsonObject().put("profileType", Es2Server.TYPE), OWN, "again-1");
        JsonObject first = post("operator", "downloadOrder", call);
        assertThat(status(first)).isEqualTo("ok");
        assertThat(post("operator", "downloadOrder", call)).isEqualTo(first);
        assertThat(status("confirmOrder", iccid(first.getString("iccid")).put("releaseFlag", true)))
                .isEqualTo("ok");
        assertThat(post("operator", "downloadOrder", call)).as("late").isEqualTo(first);
        JsonObject other = Es2Server.withHeader(new JsonObject().put("profileType", Es2Server.TYPE), OWN, "again-2");
        assertThat(post("operator", "downloadOrder", other)).isNotEqualTo(first);
    }

    @Test
    void callsAtTheSameTimeUnderOneIdentifierReserveOneProfile() throws Exception {
        JsonObject call = Es2Server.withHeader(new JsonObject().put("profileType", Es2Server.TYPE), OWN, "together");
        Set<JsonObject> distinct = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<JsonObject>> calls = Collections.nCopies(8, () -> post("operator", "downloadOrder", call));
            for (Future<JsonObject> answer : threads.invokeAll(calls)) {
                distinct.add(answer.get());
            }
        }
        assertThat(distinct).hasSize(1);
        assertThat(status(distinct.iterator().next())).isEqualTo("ok");
    }

    @Test
    void repeatedCallsAreAnsweredAsTheFirstTime() throws Exception {
        String iccid = ordered();
        JsonObject confirm = Es2Server.withHeader(iccid(iccid).put("releaseFlag", false), OWN, "again-3");
        JsonObject first = post("operator", "confirmOrder", confirm);
        assertThat(status(first)).isEqualTo("ok");
        assertThat(post("operator", "confirmOrder", confirm)).isEqualTo(first);
        JsonObject release = Es2Server.withHeader(iccid(iccid), OWN, "again-4");
        assertThat(status(post("operator", "releaseProfile", release))).isEqualTo("ok");
        assertThat(status(post("operator", "releaseProfile", release))).isEqualTo("ok");
        JsonObject cancel = Es2Server.withHeader(cancel(iccid, "Available"), OWN, "again-5");
        assertThat(status(post("operator", "cancelOrder", cancel))).isEqualTo("ok");
        assertThat(status(post("operator", "cancelOrder", cancel))).isEqualTo("ok");
    }

    @Test
    void sameIdentifierWithAnotherContentIsAnotherCall() throws Exception {
        String iccid = ordered();
        JsonObject body = iccid(iccid).put("releaseFlag", true);
        assertThat(status(post("operator", "confirmOrder", Es2Server.withHeader(body, OWN, "fixed"))))
                .isEqualTo("ok");
        JsonObject other = body.copy().put("matchingId", "ANOTHER");
        assertThat(status(post("operator", "confirmOrder", Es2Server.withHeader(other, OWN, "fixed"))))
                .isEqualTo("8.2.1/1.2");
    }

    @Test
    void callsOfAnOrderThatIsOverAreForgotten() throws Exception {
        String iccid = server.stock();
        JsonObject order = Es2Server.withHeader(iccid(iccid), OWN, "fixed-order");
        for (int round = 0; round < 3; round++) {
            assertThat(status(post("operator", "downloadOrder", order))).isEqualTo("ok");
            assertThat(server.state(iccid)).isEqualTo("allocated");
            assertThat(status("cancelOrder", cancel(iccid, "Available"))).isEqualTo("ok");
            assertThat(server.state(iccid)).isEqualTo("available");
        }
    }

    @Test
    void repeatedCancelOrderLeavesLaterOrdersOfTheProfileAlone() throws Exception {
        String iccid = ordered();
        JsonObject cancel = Es2Server.withHeader(cancel(iccid, "Available"), OWN, "late-cancel");
        assertThat(status(post("operator", "cancelOrder", cancel))).isEqualTo("ok");
        for (int later = 0; later < 2; later++) {
            assertThat(status("downloadOrder", iccid(iccid))).isEqualTo("ok");
            assertThat(status(post("operator", "cancelOrder", cancel))).isEqualTo("ok");
            assertThat(server.state(iccid)).isEqualTo("allocated");
            assertThat(status("cancelOrder", cancel(iccid, "Available"))).isEqualTo("ok");
        }
    }

    @Test
    void refusalIsNotRemembered() throws Exception {
        JsonObject call = Es2Server.withHeader(iccid(server.stock()), OWN, "refused-first");
        String iccid = call.getString("iccid");
        server.text("UPDATE profile SET state = 'released' WHERE id = ? RETURNING 1", server.profileId(iccid));
        assertThat(status(post("operator", "downloadOrder", call))).isEqualTo("8.2.1/3.3");
        server.text("UPDATE profile SET state = 'available' WHERE id = ? RETURNING 1", server.profileId(iccid));
        assertThat(status(post("operator", "downloadOrder", call))).isEqualTo("ok");
    }

    @Test
    void callsAreForgottenAfterAWeek() throws Exception {
        JsonObject call = Es2Server.withHeader(new JsonObject().put("profileType", Es2Server.TYPE), OWN, "old");
        JsonObject first = post("operator", "downloadOrder", call);
        server.text(
                "UPDATE es2_call SET created_at = created_at - interval '8 days' WHERE profile_id = ? RETURNING 1",
                server.profileId(first.getString("iccid")));
        assertThat(Es2Server.await(server.orders.purgeCalls())).isPositive();
        assertThat(post("operator", "downloadOrder", call)).isNotEqualTo(first);
    }

    // ---- Forms ----

    @ParameterizedTest
    @ValueSource(strings = {"F", "f", ""})
    void paddedNumberIsTheSameNumber(String padding) throws Exception {
        assertThat(status("downloadOrder", iccid(server.stock() + padding))).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456789012345678", "1234567890123456789F", "12345678901234567890"})
    void numberOf18To20DigitsIsWellFormed(String iccid) throws Exception {
        assertThat(status("releaseProfile", iccid(iccid))).isEqualTo("8.2.1/3.9");
    }

    @ParameterizedTest
    @CsvSource({
        "iccid,89AB",
        "iccid,12345678901234567",
        "iccid,123456789012345678901",
        "eid,8904",
        "eid,8904903200000000000000000000001X"
    })
    void malformedNumberIs1_6_2_1(String field, String value) throws Exception {
        assertThat(status("downloadOrder", iccid(server.stock()).put(field, value)))
                .isEqualTo("1.6/2.1");
    }

    @ParameterizedTest
    @CsvSource({"iccid,17", "releaseFlag,'true'", "matchingId,lower", "matchingId,A$B", "smdsAddress,'a b'"})
    void fieldOfTheWrongFormIs1_6_2_1(String field, String value) throws Exception {
        Object wrong = value.equals("17") ? Integer.valueOf(17) : value;
        assertThat(status(
                        "confirmOrder",
                        iccid(ordered())
                                .put("releaseFlag", true)
                                .put("eid", EID)
                                .put(field, wrong)))
                .isEqualTo("1.6/2.1");
    }

    @ParameterizedTest
    @CsvSource({"confirmOrder,releaseFlag", "confirmOrder,iccid", "releaseProfile,iccid", "cancelOrder,iccid"})
    void missingFieldIs1_6_2_2(String function, String field) throws Exception {
        JsonObject body = cancel(ordered(), "Available").put("releaseFlag", true);
        body.remove(field);
        assertThat(status(function, body)).isEqualTo("1.6/2.2");
    }

    @Test
    void unknownFieldsArePassedOver() throws Exception {
        JsonObject body = iccid(server.stock()).put("colour", "green").put("vendor", new JsonObject().put("a", 1));
        assertThat(status("downloadOrder", body)).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"header\":{}}",
                "{\"header\":null}",
                "{\"header\":{\"functionRequesterIdentifier\":\"2.999.1234\"}}",
                "{\"header\":{\"functionRequesterIdentifier\":\"\",\"functionCallIdentifier\":\"1\"}}"
            })
    void missingHeaderIs1_6_2_2(String body) throws Exception {
        assertThat(raw("releaseProfile", body)).isEqualTo("1.6/2.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1", "", "[]", "\"text\"", "{\"header\":7}", "\u0000"})
    void bodyThatIsNoRequestIsRefused(String body) throws Exception {
        assertThat(raw("releaseProfile", body)).startsWith("1.6/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;charset=UTF-8", "application/json; charset=utf-8"})
    void answerHasStatus200AndTheHeadersOfTheStandard(String contentType) throws Exception {
        HttpResponse<Buffer> response = server.send(
                "operator",
                HttpMethod.POST,
                BASE + "releaseProfile",
                contentType,
                Es2Server.withHeader(iccid("8933000000000000000"), OWN).encode());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/json;charset=UTF-8");
        assertThat(response.getHeader("X-Admin-Protocol")).matches("gsma/rsp/v2\\.[0-9]+\\.[0-9]+");
        assertThat(response.bodyAsJsonObject()
                        .getJsonObject("header")
                        .getJsonObject("functionExecutionStatus")
                        .getString("status"))
                .isEqualTo("Failed");
    }

    @Test
    void otherMethodsPathsAndTypesGetAClearError() throws Exception {
        assertThat(server.send("operator", HttpMethod.GET, BASE + "releaseProfile", "application/json", "")
                        .statusCode())
                .isEqualTo(405);
        assertThat(server.send("operator", HttpMethod.POST, BASE + "inventProfile", "application/json", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send("operator", HttpMethod.POST, BASE + "releaseProfile", "text/plain", "{}")
                        .statusCode())
                .isEqualTo(415);
        assertThat(server.send(
                                "operator",
                                HttpMethod.POST,
                                BASE + "releaseProfile",
                                "application/json",
                                "x".repeat(20_000))
                        .statusCode())
                .isEqualTo(413);
    }

    private static Es2Terms terms(String requester) {
        return new Es2Terms(Optional.of(requester), Set.of(), Optional.empty());
    }

    private static JsonObject iccid(String iccid) {
        return new JsonObject().put("iccid", iccid);
    }

    private static JsonObject cancel(String iccid, String end) {
        return iccid(iccid).put("finalProfileStatusIndicator", end);
    }

    /** A profile that the operator has ordered. */
    private static String ordered() throws Exception {
        String iccid = server.stock();
        assertThat(status("downloadOrder", iccid(iccid))).isEqualTo("ok");
        return iccid;
    }

    /** A profile of the operator, put into a state behind the scenes. */
    private static String inState(String state) throws Exception {
        String iccid = state.equals("available") ? server.stock() : ordered();
        server.text(
                "UPDATE profile SET state = ?, error_cause = CASE WHEN ? = 'error' THEN 'cancelled' END WHERE id = ?"
                        + " RETURNING 1",
                state,
                state,
                server.profileId(iccid));
        return iccid;
    }

    private static String status(String function, JsonObject body) throws Exception {
        return status(call(function, body));
    }

    private static String statusAs(String partner, String requester, String function, JsonObject body)
            throws Exception {
        return status(post(partner, function, Es2Server.withHeader(body, requester)));
    }

    private static JsonObject call(String function, JsonObject body) throws Exception {
        return post("operator", function, Es2Server.withHeader(body, OWN));
    }

    private static String raw(String function, String body) throws Exception {
        HttpResponse<Buffer> response =
                server.send("operator", HttpMethod.POST, BASE + function, "application/json", body);
        assertThat(response.statusCode()).isEqualTo(200);
        return status(response.bodyAsJsonObject());
    }

    private static JsonObject post(String partner, String function, JsonObject request) throws Exception {
        HttpResponse<Buffer> response =
                server.send(partner, HttpMethod.POST, BASE + function, "application/json", request.encode());
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    private static String status(JsonObject answer) {
        JsonObject status = answer.getJsonObject("header").getJsonObject("functionExecutionStatus");
        if (status.getString("status").equals("Executed-Success")) {
            return "ok";
        }
        assertThat(status.getString("status")).isEqualTo("Failed");
        assertThat(answer.size()).as("nothing but the header").isEqualTo(1);
        JsonObject codes = status.getJsonObject("statusCodeData");
        return codes.getString("subjectCode") + "/" + codes.getString("reasonCode");
    }
}
