package dev.octroi.web.console;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.rollout.ChangeTarget;
import dev.octroi.rollout.Person;
import dev.octroi.rollout.Proposal;
import dev.octroi.rollout.RolloutPlan;
import dev.octroi.rollout.StopWhen;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChangesPageTest {
    private static final String PATH = "/console/changes";

    private static ConsoleServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void changesAreListedForTheirTenantAndTheOperator() throws Exception {
        assertThat(page(1)).contains("Nobody has changed the policy of many");
        server.sell(1, "France");
        server.sell(1, "France");
        Proposal proposal = new Proposal(
                new ChangeAct.Suspend(RestrictionClass.ADMINISTRATIVE, false),
                new ChangeTarget(OptionalLong.empty(), Optional.empty(), Set.of()),
                RolloutPlan.DEFAULT_STEPS,
                new StopWhen(100, 5),
                "Unpaid <since> May");
        await(server.fixture.database.inWorker(
                connection -> server.changes().propose(connection, 1, proposal, new Person("ada", "jti-1"))));
        assertThat(page(1))
                .contains(
                        "Waiting", "Suspend data", "Unpaid &lt;since&gt; May", "0 of 2", "1 of 3, 1 %", "needed until");
        assertThat(page(0))
                .contains("Unpaid &lt;since&gt; May", "Reseller<", "<code>" + PublicId.TENANT.format(1) + "</code>");
        assertThat(page(1)).doesNotContain("Reseller");
        assertThat(page(2)).doesNotContain("Unpaid");
    }

    @Test
    void thePageNeedsItsScopeAndASession() {
        assertThat(server.get("", PATH).statusCode()).isEqualTo(303);
        assertThat(server.get(server.cookie(1, "cases:read"), PATH).statusCode())
                .isEqualTo(403);
    }

    private static String page(int tenant) {
        return server.get(server.cookie(tenant, ConsoleServer.EVERYTHING), PATH).bodyAsString();
    }
}
