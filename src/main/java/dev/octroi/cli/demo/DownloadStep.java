package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.DownloadReport;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** 2: a phone downloads and enables the profile; shop and operator see each step. */
final class DownloadStep implements Step {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "download";
    }

    @Override
    public String play(World world) throws Exception {
        Traveller alice = world.traveller("Alice");
        String code = world.actors()
                .reseller()
                .get("/v1/subscriptions/" + alice.subscriptionId() + "/activation")
                .expect(200)
                .json()
                .get("code")
                .asText();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        GsmaTestPki gsma = GsmaTestPki.open(
                world.actors().dataDirectory().resolve("pki").resolve("gsma"),
                List.of("localhost", "127.0.0.1"),
                clock,
                random);
        String eid = GsmaEid.test(random.nextInt(1_000_000_000));
        VirtualEuicc card = VirtualEuicc.create(gsma, eid, clock, random);
        DownloadReport report;
        try (Lpa phone = new Lpa(card)) {
            report = phone.download(code);
            phone.enable(report.iccid());
            phone.sendNotifications();
        }
        Expect.that(report.iccid().equals(alice.iccid()), "the card holds the very ICCID that was ordered");
        String points = progress(world, alice);
        world.receivers().event(alice.subscriptionId(), "profile.enabled");
        JsonNode timeline = world.actors()
                .reseller()
                .get("/v1/subscriptions/" + alice.subscriptionId() + "/timeline")
                .expect(200)
                .json();
        long ms = report.steps().stream()
                .mapToLong(step -> step.took().toMillis())
                .sum();
        return "profile installed and enabled in " + ms + " ms, ICCID as ordered; ES2+ progress points " + points + "; "
                + timeline.get("items").size() + " rows in the shop's timeline";
    }

    private static String progress(World world, Traveller alice) {
        StringBuilder points = new StringBuilder();
        for (int point : new int[] {1, 3, 4}) {
            world.receivers()
                    .operator()
                    .await(
                            "ES2+ handleDownloadProgressInfo, point " + point,
                            message -> message.json().path("iccid").asText().startsWith(alice.iccid())
                                    && message.json()
                                                    .path("notificationPointId")
                                                    .asInt()
                                            == point
                                    && message.json()
                                            .at("/notificationPointStatus/status")
                                            .asText()
                                            .equals("Executed-Success"),
                            WAIT);
            points.append(points.isEmpty() ? "" : ", ").append(point);
        }
        return points.toString();
    }
}
