package dev.octroi.cli.demo;

import dev.octroi.pki.DevPki;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi demo}: the main job in ten steps, played by real clients against a real gateway on loopback. */
@Command(
        name = "demo",
        description = {
            "Play the main job in ten steps against a gateway on this machine.",
            "Exits 0 only if every step was observed."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration NEAR_MIDNIGHT = Duration.ofMinutes(5);
    private static final List<Step> STEPS = List.of(
            new OrderStep(),
            new DownloadStep(),
            new CountStep(),
            new ThrottleStep(),
            new TopUpStep(),
            new OwnLimitStep(),
            new ZoneStep(),
            new DrainStep(),
            new AdminStep(),
            new CrashStep());

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--keep", description = "Leave the gateway running and print where its pages are.")
    private boolean keep;

    @Option(names = "--json", description = "One JSON object for each step.")
    private boolean json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for the gateway's data (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("var", "demo");

    @Override
    public Integer call() throws IOException, GeneralSecurityException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long started = System.nanoTime();
        Path directory = data.toAbsolutePath();
        DevPki pki = DevPki.ensure(directory.resolve("pki"), Clock.systemUTC(), new SecureRandom());
        try (GatewayProcess gateway = new GatewayProcess(
                directory,
                List.of(
                        "callback.allowLoopback=true",
                        "usage.latenessHorizon=PT720H",
                        "policy.dwell=PT" + ZoneStep.DWELL_SECONDS + "S"))) {
            gateway.start();
            say(out, "gateway ready after %d ms, data in %s%n%n".formatted(millisSince(started), data));
            String publicKey =
                    Files.readString(directory.resolve("callback.pub")).strip();
            try (Receivers receivers = Receivers.open(pki, publicKey);
                    Actors actors = Actors.arrive(directory, gateway.ports(), pki, receivers)) {
                World world = new World(gateway, actors, receivers, zone());
                List<Result> results = new Story(out, json).tell(STEPS, world);
                long seen = results.stream().filter(Result::ok).count();
                say(
                        out,
                        "%n%d of %d steps observed in %d s%n"
                                .formatted(seen, STEPS.size(), millisSince(started) / 1000));
                if (keep) {
                    stay(out, world);
                }
                return seen == STEPS.size() ? 0 : 1;
            }
        }
    }

    private void stay(PrintWriter out, World world) throws IOException, InterruptedException {
        String base = "https://localhost:" + world.gateway().ports().publicPort();
        out.printf("%nself-care page  %s%n", world.traveller("Bob").selfCareUrl());
        out.printf("console         %s/console%n", base);
        out.printf("                log in with: octroi token --set data.dir=%s --tenant 0 --scope all%n", data);
        out.printf("API docs        %s/docs%n", base);
        out.printf("%nThe certificates are of a development PKI; a browser will say so. Ctrl-C ends the gateway.%n");
        out.flush();
        new CountDownLatch(1).await();
    }

    private void say(PrintWriter out, String text) {
        if (!json) {
            out.print(text);
            out.flush();
        }
    }

    /** Paris, unless midnight is so near there that the day would turn in the middle of the story. */
    private static ZoneId zone() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        Duration left = Duration.between(LocalTime.now(paris), LocalTime.MAX);
        return left.compareTo(NEAR_MIDNIGHT) < 0 ? ZoneId.of("Europe/Lisbon") : paris;
    }

    private static long millisSince(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }
}
