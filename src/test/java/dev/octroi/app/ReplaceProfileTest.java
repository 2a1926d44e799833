package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone is lost: the balance moves to a new profile, and the old code works no more. */
class ReplaceProfileTest {
    @TempDir
    static Path data;

    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void newProfileTakesTheBalanceAndTheOldCodeAndSimFindNothing() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        JsonObject order = server.order(plan, 1, 201);
        String path = "/v1/subscriptions/"
                + order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
        server.reseller(HttpMethod.POST, path + "/top-ups", new JsonObject().put("bytes", 500_000_000), 201);
        JsonObject before = server.reseller(HttpMethod.GET, path + "/balance", null, 200);
        String oldCode =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        String account = server.reseller(HttpMethod.GET, path, null, 200).getString("accountId");
        List<String> oldLinks = links();

        JsonObject reason = new JsonObject().put("reason", "The traveller lost the phone");
        JsonObject replaced = server.reseller(HttpMethod.POST, path + "/replace-profile", reason, 200);
        assertThat(replaced.getString("accountId")).isEqualTo(account);
        assertThat(replaced.getJsonObject("profile").getString("state")).isEqualTo("released");

        JsonObject after = server.reseller(HttpMethod.GET, path + "/balance", null, 200);
        assertThat(after.getJsonArray("buckets")).isEqualTo(before.getJsonArray("buckets"));
        assertThat(links())
                .as("two names of the new SIM, none of the old")
                .hasSize(2)
                .doesNotContainAnyElementsOf(oldLinks);

        String newCode =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        assertThat(newCode).isNotEqualTo(oldCode);
        GsmaTestPki gsma =
                GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        VirtualEuicc card = VirtualEuicc.create(gsma, GsmaEid.test(931), Clock.systemUTC(), new SecureRandom());
        try (Lpa lpa =
                new Lpa(card, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            assertThatThrownBy(() -> lpa.download(oldCode)).as("the old code").isInstanceOf(Exception.class);
            assertThat(lpa.download(newCode).iccid())
                    .isEqualTo(replaced.getJsonObject("profile").getString("iccid"));
        }
        assertThat(server.reseller(HttpMethod.GET, path + "/timeline", null, 200)
                        .encode())
                .contains("profile.replaced", "The traveller lost the phone");
    }

    private static List<String> links() throws Exception {
        return server.rows("SELECT encode(hash, 'hex') FROM account_link ORDER BY 1");
    }
}
