package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.db.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** 9: scopes, ETags, and an audit log in which a changed row is found. */
final class AdminStep implements Step {
    @Override
    public String name() {
        return "admin";
    }

    @Override
    public String play(World world) throws Exception {
        Traveller bob = world.traveller("Bob");
        String path = "/admin/v1/tenants/" + world.actors().tenantId() + "/subscriptions/" + bob.subscriptionId()
                + "/rules/reseller";
        ApiClient admin = world.actors().admin("admin", "policies:read", "policies:write", "audit:read");
        ApiClient clerk = world.actors().admin("clerk", "policies:read");
        String etag = admin.get(path).expect(200).header("ETag").orElseThrow();
        ObjectNode rules = rules(5 * Shop.GB);
        clerk.put(path, rules, Map.of("If-Match", etag)).expect(403);
        admin.put(path, rules, Map.of()).expect(428);
        admin.put(path, rules, Map.of("If-Match", etag)).expect(200);
        admin.put(path, rules(6 * Shop.GB), Map.of("If-Match", etag)).expect(412);
        JsonNode audit = admin.get("/admin/v1/tenants/" + world.actors().tenantId() + "/audit?limit=4")
                .expect(200)
                .json();
        Expect.equal(4, audit.get("items").size(), "audit rows shown");

        Verified whole = verify(world);
        Expect.that(whole.exitCode() == 0, "the audit chains hold: " + whole.text());
        long seq = audit.at("/items/1/seq").asLong();
        Path server = world.actors().dataDirectory().resolve("pg");
        AuditForgeryStore forger =
                new AuditForgeryStore(EmbeddedServer.running(server).orElseThrow());
        String original = forger.forge(tenantNumber(world), seq);
        Verified forged = verify(world);
        forger.restore(tenantNumber(world), seq, original);
        Expect.that(
                forged.exitCode() == 1 && forged.text().contains("row " + seq + ":"),
                "a changed row is found: " + forged.text());
        Expect.that(verify(world).exitCode() == 0, "the chains hold again");
        return "rule changed with If-Match; without the scope 403, without If-Match 428, with a stale ETag 412; "
                + whole.text().lines().reduce((first, second) -> second).orElse("")
                + "; a row changed behind our back: \""
                + forged.text().lines().findFirst().orElse("") + "\"";
    }

    private static ObjectNode rules(long overBytes) {
        ObjectNode rule = Actors.object("id", "weekly", "until", "window_end");
        rule.set("when", Actors.object("window", "week").put("overBytes", overBytes));
        rule.putArray("then").addObject().put("do", "notify");
        ObjectNode rules = Actors.object("reason", "Fair use");
        rules.putArray("rules").add(rule);
        return rules;
    }

    private static int tenantNumber(World world) {
        return (int)
                dev.octroi.db.PublicId.TENANT.parse(world.actors().tenantId()).orElseThrow();
    }

    private record Verified(int exitCode, String text) {}

    /** Runs {@code octroi audit verify} as anyone would: another process, the same data folder. */
    private static Verified verify(World world) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.octroi.Main",
                "audit",
                "verify",
                "--set",
                "data.dir=" + world.actors().dataDirectory());
        Process process = ChildEnvironment.of(new ProcessBuilder(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new NotObserved("audit verify did not end within 30 s");
        }
        return new Verified(process.exitValue(), text.strip());
    }
}
