package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.PublicId;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways in processes of their own, killed ten times between them while administrators suspend and resume
 * subscriptions, and a network that fails, hangs, answers twice and is down for ten minutes, scaled like all delays by a
 * hundred.
 */
class NetworkFaultIT {
    private static final int KILLS = 10;
    private static final int ADMINS = 3;
    private static final int SUBSCRIPTIONS = 12;
    private static final Duration DOWN = Duration.ofSeconds(6);

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Integer> acts = new ConcurrentHashMap<>();
    private final List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean enough;

    @Test
    void everyDecisionReachesANetworkThatFailsWhileGatewaysAreKilled(@TempDir Path data) throws Exception {
        long seed = clock.millis();
        DatabaseConfig database = TestDatabase.create();
        TestDatabase.execute(database, "INSERT INTO tenant (slug, name) VALUES ('shop', 'Shop')");
        DevPki pki = DevPki.ensure(data.resolve("pki"), clock, random);
        var tls = Tls.showing(
                pki.domain(TrustDomain.NETWORK).server("pcrf", List.of("localhost", "127.0.0.1")),
                pki.domain(TrustDomain.OPERATOR).rootFile());
        List<String> settings = List.of(
                "database.url=postgresql://" + database.host() + ":" + database.port() + "/" + database.database(),
                "database.user=" + database.ownerUser(),
                "database.password=" + database.ownerPassword(),
                "database.poolSize=4",
                "callback.scheduleScale=0.01",
                "callback.repairAfter=PT1S");
        try (UnreliableNetwork network = new UnreliableNetwork(tls, seed)) {
            List<String> all = new ArrayList<>(settings);
            all.add("callback.networkUrl=" + network.url());
            try (GatewayProcess one = new GatewayProcess(data, all);
                    GatewayProcess two = new GatewayProcess(data, all)) {
                play(data, pki, database, network, List.of(one, two), seed);
            }
        }
    }

    private void play(
            Path data,
            DevPki pki,
            DatabaseConfig database,
            UnreliableNetwork network,
            List<GatewayProcess> gateways,
            long seed)
            throws Exception {
        gateways.getFirst().start();
        Thread second = starting(gateways.getLast());
        List<ApiClient> clients = new ArrayList<>();
        for (GatewayProcess gateway : gateways) {
            clients.add(new ApiClient(
                    "https://localhost:" + gateway.ports().publicPort(),
                    Tls.trusting(pki.domain(TrustDomain.PUBLIC).rootFile())));
        }
        TokenIssuer tokens = new TokenIssuer(
                SigningKeys.open(data, clock, random),
                TokenRules.of(Optional.empty(), Duration.ofMinutes(15)),
                clock,
                random);
        List<String> subscriptions =
                sell(clients.getFirst().withToken(tokens.issue(TokenGrant.of(1, "shop", Scopes.GRANTABLE))));
        String token = tokens.issue(TokenGrant.of(0, "root", Scopes.GRANTABLE));
        second.join();

        List<Thread> admins = new ArrayList<>();
        for (int admin = 0; admin < ADMINS; admin++) {
            int number = admin;
            List<ApiClient> ways =
                    clients.stream().map(client -> client.withToken(token)).toList();
            admins.add(Thread.ofVirtual()
                    .start(() -> administrate(ways, subscriptions, number, new Random(seed + number))));
        }
        kill(gateways, network, new Random(seed));
        enough = true;
        for (Thread admin : admins) {
            admin.join();
        }
        assertThat(failures).as("seed %d", seed).isEmpty();
        network.repair();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(TestDatabase.rows(
                                database,
                                "SELECT desired_version || ' ' || confirmed_version FROM policy_state"
                                        + " WHERE confirmed_version <> desired_version"))
                        .as("seed %d, %s", seed, network.answers())
                        .isEmpty());
        check(database, network, subscriptions, seed);
        clients.forEach(ApiClient::close);
    }

    /** Everything is held against what the administrators were told and what the network saw itself. */
    private void check(DatabaseConfig database, UnreliableNetwork network, List<String> subscriptions, long seed)
            throws Exception {
        assertThat(network.answers().keySet())
                .as("the network did its worst")
                .contains("failed", "hung", "taken", "taken, said twice");
        for (String subscription : subscriptions) {
            String of = "seed " + seed + ", " + subscription + ", " + network.answers();
            long id = PublicId.SUBSCRIPTION.parse(subscription).orElseThrow();
            int acted = acts.getOrDefault(subscription, 0);
            assertThat(acted).as(of).isPositive();
            assertThat(TestDatabase.rows(
                            database, "SELECT desired_version FROM policy_state WHERE subscription_id = " + id))
                    .as("each act that was answered is one decision, %s", of)
                    .containsExactly(Integer.toString(acted));
            assertThat(TestDatabase.rows(
                            database,
                            "SELECT version FROM outbox WHERE stream = 'network' AND key = " + id
                                    + " AND state IN ('delivered', 'superseded') ORDER BY version"))
                    .as("none was lost, %s", of)
                    .hasSize(acted);
            List<UnreliableNetwork.Taken> received = network.received(subscription);
            assertThat(received.stream().map(UnreliableNetwork.Taken::version))
                    .as("in order, %s", of)
                    .isSorted();
            UnreliableNetwork.Taken last = received.getLast();
            assertThat(last.taken()).as("what holds was taken, %s", of).isTrue();
            assertThat(last.version()).as(of).isEqualTo(acted);
            assertThat(last.level()).as(of).isEqualTo(acted % 2 == 1 ? 4 : 0);
            List<String> taken = received.stream()
                    .filter(UnreliableNetwork.Taken::taken)
                    .map(UnreliableNetwork.Taken::id)
                    .toList();
            assertThat(TestDatabase.rows(
                                    database,
                                    "SELECT id FROM outbox WHERE stream = 'network' AND state = 'delivered' AND key = "
                                            + id)
                            .stream()
                            .map(row -> PublicId.CALLBACK.format(Long.parseLong(row))))
                    .as("what counts as delivered was taken, %s", of)
                    .isSubsetOf(taken);
        }
    }

    /** Now one gateway, so that the other takes over, now both; each time all that were killed have come back before. */
    private void kill(List<GatewayProcess> gateways, UnreliableNetwork network, Random chance) throws Exception {
        Thread outage = null;
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            LockSupport.parkNanos(Duration.ofMillis(300 + chance.nextInt(500)).toNanos());
            List<Thread> restarts = new ArrayList<>();
            for (int i = 0; i < (round % 3 == 0 ? 1 : 2); i++) {
                GatewayProcess victim = gateways.get((round + i) % gateways.size());
                victim.kill();
                kills++;
                restarts.add(starting(victim));
            }
            if (outage == null && kills >= KILLS / 2) {
                outage = Thread.ofVirtual().start(() -> outage(network));
            }
            for (Thread restart : restarts) {
                restart.join();
            }
        }
        if (outage != null) {
            outage.join();
        }
    }

    private void outage(UnreliableNetwork network) {
        try {
            network.downFor(DOWN);
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private Thread starting(GatewayProcess gateway) {
        return Thread.ofVirtual().start(() -> {
            try {
                gateway.start();
            } catch (IOException e) {
                failures.add(e);
            }
        });
    }

    /** Suspends and resumes each of its subscriptions in turn, and asks until it is answered. */
    private void administrate(List<ApiClient> ways, List<String> subscriptions, int number, Random chance) {
        try {
            for (int act = 0; !enough && failures.isEmpty(); act++) {
                String subscription = subscriptions.get((act * ADMINS + number) % subscriptions.size());
                int done = acts.getOrDefault(subscription, 0);
                String path = "/admin/v1/tenants/" + PublicId.TENANT.format(1) + "/subscriptions/" + subscription
                        + (done % 2 == 0 ? "/suspend" : "/resume");
                untilAnswered(ways, path, subscription + "-" + done, chance);
                acts.put(subscription, done + 1);
                LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e);
        }
    }

    private static void untilAnswered(List<ApiClient> ways, String path, String key, Random chance) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                ApiClient.Answer answer = ways.get(chance.nextInt(ways.size()))
                        .post(path, Actors.object("reason", "A test of faults"), Actors.idempotent(key));
                // The account was changed before the kill that kept its answer from being remembered.
                boolean doneBefore = answer.status() == 409 && answer.text().contains("nothing_held");
                if (answer.status() < 300 || doneBefore) {
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(path + ": still " + answer.status() + " " + answer.text());
                }
                if (answer.status() < 500 && answer.status() != 409) {
                    throw new IllegalStateException(path + ": " + answer.status() + " " + answer.text());
                }
            } catch (IOException killed) {
                if (System.nanoTime() > deadline) {
                    throw killed;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static List<String> sell(ApiClient reseller) {
        try {
            String plan = reseller.post(
                            "/v1/plans",
                            Shop.plan("Fault", Shop.GB, 30, "on_order", "notify"),
                            Actors.idempotent("plan"))
                    .expect(201)
                    .json()
                    .get("id")
                    .asText();
            ObjectNode order = Actors.object("planId", plan, "timeZone", "Europe/Paris", "language", "en");
            JsonNode answer = reseller.post(
                            "/v1/orders", order.put("quantity", SUBSCRIPTIONS), Actors.idempotent("order"))
                    .expect(201)
                    .json();
            List<String> sold = new ArrayList<>();
            answer.get("subscriptions").forEach(each -> sold.add(each.get("id").asText()));
            return sold;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
