package dev.octroi.app;

import dev.octroi.usage.UsageIntake;
import dev.octroi.usage.radius.RadiusClients;
import dev.octroi.usage.radius.RadiusListener;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The usage feeds beside the operator listener; each runs only where it is configured. */
final class Feeds {
    private static final Logger log = LoggerFactory.getLogger(Feeds.class);
    private static final int START_TIMEOUT_SECONDS = 30;

    private Feeds() {}

    /** Opens what is configured; blocking. */
    static void open(Ground ground, Settings settings, UsageIntake intake, Closing closing) throws IOException {
        if (settings.radius().clients().isPresent()) {
            radius(ground, settings.radius(), settings.radius().clients().get(), intake, closing);
        }
    }

    private static void radius(
            Ground ground, Settings.RadiusSettings settings, Path clients, UsageIntake intake, Closing closing)
            throws IOException {
        RadiusListener listener = new RadiusListener(
                ground.vertx(),
                intake,
                ground.index(),
                RadiusClients.read(clients),
                ground.metrics().registry());
        int port = Blocking.await(
                "RADIUS accounting", listener.listen(settings.host(), settings.port()), START_TIMEOUT_SECONDS);
        closing.addFuture("RADIUS accounting", listener::close);
        log.atInfo().addKeyValue("port", port).log("RADIUS accounting is listening");
    }
}
