package dev.octroi.cli;

import dev.octroi.rsp.euicc.PendingNotification;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code octroi euicc notifications}: what the card still has to tell. */
@Command(
        name = "notifications",
        description = "List the notifications that wait on the card, or send them.",
        mixinStandardHelpOptions = true)
final class EuiccNotificationsCommand implements Callable<Integer> {
    @Mixin
    private EuiccOptions options = new EuiccOptions();

    @Option(names = "--send", description = "Send them; what is not taken stays on the card.")
    private boolean send;

    @Override
    public Integer call() throws IOException {
        if (send) {
            return options.withLpa(lpa -> {
                int delivered = lpa.sendNotifications();
                int waiting = lpa.card().notifications().size();
                options.print(
                        "%d sent, %d waiting.".formatted(delivered, waiting),
                        EuiccOptions.object()
                                .put("ok", true)
                                .put("sent", delivered)
                                .put("pendingNotifications", waiting));
            });
        }
        for (PendingNotification notification : options.load().notifications()) {
            String event = notification.event().name().toLowerCase(Locale.ROOT);
            options.print(
                    "%5d  %-8s %-20s to %s"
                            .formatted(
                                    notification.sequenceNumber(), event, notification.iccid(), notification.address()),
                    EuiccOptions.object()
                            .put("sequenceNumber", notification.sequenceNumber())
                            .put("event", event)
                            .put("iccid", notification.iccid())
                            .put("address", notification.address()));
        }
        return 0;
    }
}
