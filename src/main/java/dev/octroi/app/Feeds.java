package dev.octroi.app;

import dev.octroi.callback.reconcile.PolicyRetelling;
import dev.octroi.usage.UsageIntake;
import dev.octroi.usage.file.FileImport;
import dev.octroi.usage.file.FolderFeed;
import dev.octroi.usage.file.FolderJob;
import dev.octroi.usage.kafka.KafkaFeed;
import dev.octroi.usage.kafka.KafkaTopics;
import dev.octroi.usage.radius.RadiusClients;
import dev.octroi.usage.radius.RadiusListener;
import dev.octroi.usage.radius.SessionsBegun;
import io.vertx.core.Future;
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
    static void open(Ground ground, Settings settings, UsageIntake intake, Runnable nudge, Closing closing)
            throws IOException {
        if (settings.radius().clients().isPresent()) {
            radius(
                    ground,
                    settings.radius(),
                    settings.radius().clients().get(),
                    intake,
                    begun(ground, settings, nudge),
                    closing);
        }
        if (settings.files().folders().isPresent()) {
            files(ground, settings.files(), settings.files().folders().get(), intake, closing);
        }
        if (settings.kafkaTopics().isPresent()) {
            kafka(ground, settings.kafkaTopics().get(), intake, closing);
        }
    }

    private static void files(
            Ground ground, Settings.FileFeedSettings settings, Path folders, UsageIntake intake, Closing closing)
            throws IOException {
        FileImport imports =
                new FileImport(ground.database(), intake, ground.clock(), settings.maxMegabytes() * 1_000_000L);
        for (FolderFeed feed : FolderFeed.read(folders)) {
            FolderJob job = new FolderJob(
                    feed,
                    imports,
                    ground.clock(),
                    settings.settle(),
                    ground.metrics().registry());
            job.start();
            closing.add("files of " + feed.terms().name(), job);
        }
    }

    /** The client's classes are loaded here and nowhere else. */
    private static void kafka(Ground ground, Path topics, UsageIntake intake, Closing closing) throws IOException {
        KafkaFeed feed =
                new KafkaFeed(KafkaTopics.read(topics), intake, ground.metrics().registry());
        feed.start();
        closing.add("Kafka feed", feed);
    }

    /** Where one address in the settings is told all policies no element is told by RADIUS. */
    private static SessionsBegun begun(Ground ground, Settings settings, Runnable nudge) {
        if (settings.callback().networkUrl().isPresent()) {
            return sessions -> Future.succeededFuture();
        }
        PolicyRetelling policies = new PolicyRetelling(ground.ids());
        return sessions -> policies.ofBegunSessions(
                        ground.database(),
                        sessions.stream()
                                .map(each -> new PolicyRetelling.Begun(
                                        each.subscriber().hash(), each.at()))
                                .toList(),
                        ground.clock().instant())
                .onSuccess(told -> {
                    if (told > 0) {
                        nudge.run();
                    }
                })
                .mapEmpty();
    }

    private static void radius(
            Ground ground,
            Settings.RadiusSettings settings,
            Path clients,
            UsageIntake intake,
            SessionsBegun begun,
            Closing closing)
            throws IOException {
        RadiusListener listener = new RadiusListener(
                ground.vertx(),
                intake,
                ground.index(),
                RadiusClients.read(clients),
                begun,
                ground.metrics().registry());
        int port = Blocking.await(
                "RADIUS accounting", listener.listen(settings.host(), settings.port()), START_TIMEOUT_SECONDS);
        closing.addFuture("RADIUS accounting", listener::close);
        log.atInfo().addKeyValue("port", port).log("RADIUS accounting is listening");
    }
}
